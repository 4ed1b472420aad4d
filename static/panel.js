// Small comforts of the panel; every page works without them.

// Ask in the browser; without this the server asks on a page of its own.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (!question || form.elements.confirmed) return;
  if (!window.confirm(question)) {
    event.preventDefault();
    return;
  }
  const answer = document.createElement("input");
  answer.type = "hidden";
  answer.name = "confirmed";
  answer.value = "1";
  form.append(answer);
});

// Do not lose what was typed by leaving the page.
const guarded = new Set();
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form && "guard" in form.dataset) guarded.add(form);
});
document.addEventListener("submit", (event) => guarded.delete(event.target));
document.addEventListener("saved", ({ target, detail }) => { if (!detail.errors) guarded.delete(target); });
window.addEventListener("beforeunload", (event) => {
  if (guarded.size > 0) event.preventDefault();
});

// A form that came back: bring the list of what is wrong into view.
document.getElementById("ringkasan")?.scrollIntoView({ block: "center" });

// Show only the part of a form that fits the chosen kind; without scripting all parts are there.
for (const select of document.querySelectorAll("select[data-switch]")) {
  const parts = document.querySelectorAll(`[data-case^="${select.dataset.switch}:"]`);
  const show = () => {
    for (const part of parts) part.hidden = part.dataset.case !== `${select.dataset.switch}:${select.value}`;
  };
  select.addEventListener("change", show);
  show();
}
