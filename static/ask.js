// Asks before what cannot be undone, in the words of the button's `data-confirm`; once, also where the form is sent again.
const asked = new WeakSet();

addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button?.dataset.confirm || asked.has(button)) return;
  if (window.confirm(button.dataset.confirm)) {
    asked.add(button);
    return;
  }
  event.preventDefault();
  event.stopPropagation(); // nothing was sent: no other script takes the form for clean
}, true);
