// Asks before what cannot be undone, in the words of the button's `data-confirm`; once, also where the form is sent again.
// Without scripting the server asks on a page of its own.
const asked = new WeakSet();

addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button?.dataset.confirm || asked.has(button)) return;
  if (window.confirm(button.dataset.confirm)) {
    asked.add(button);
    event.target.append(Object.assign(document.createElement("input"), { type: "hidden", name: "confirmed", value: "1" }));
    return;
  }
  event.preventDefault();
  event.stopPropagation(); // nothing was sent: no other script takes the form for clean
}, true);
