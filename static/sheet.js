// The sheet of an assessor: digits choose a level, parts become tabs on a phone, totals follow what was saved.
// Saving is done by autosave.js; without scripting everything stands below each other and the buttons save.

const form = document.getElementById("lembar");
const parts = document.querySelector(".sheet-parts");
const tabs = document.querySelector(".sheet-tabs");

// Digits: within a criterion, outside of what is typed. 1 to 9 choose a level, 0 takes the choice back.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || !/^[0-9]$/.test(event.key)) return;
  const { target } = event;
  if (target.matches("textarea, select, input:not([type=radio], [type=checkbox])")) return;
  const choices = target.closest(".criterion")?.querySelectorAll("[data-digits] input[type=radio]");
  if (!choices?.length) return;
  const levels = [...choices];
  const chosen = event.key === "0" ? levels.at(-1) : levels.slice(0, -1)[Number(event.key) - 1];
  if (!chosen) return;
  event.preventDefault();
  chosen.focus();
  if (!chosen.checked) {
    chosen.checked = true;
    chosen.dispatchEvent(new Event("input", { bubbles: true }));
    chosen.dispatchEvent(new Event("change", { bubbles: true }));
  }
});

// What was saved changes the totals; the server has added them up.
form?.addEventListener("saved", ({ detail }) => {
  for (const [code, total] of Object.entries(detail.totals ?? {})) {
    for (const place of document.querySelectorAll(`[data-total="${CSS.escape(code)}"] b`)) place.textContent = total;
  }
  for (const [code, count] of Object.entries(detail.counts ?? {})) {
    for (const place of document.querySelectorAll(`[data-count="${CSS.escape(code)}"]`)) place.textContent = count;
  }
  for (const place of document.querySelectorAll("[data-marked]")) place.textContent = detail.marked ?? place.textContent;
  for (const place of document.querySelectorAll("[data-all-marked]")) place.textContent = detail.all_marked ?? place.textContent;
});

// Tabs on a narrow screen.
if (tabs && parts) {
  tabs.hidden = false;
  parts.classList.add("tabbed");
  tabs.addEventListener("click", ({ target }) => {
    const button = target.closest("button[data-part]");
    if (!button) return;
    parts.dataset.part = button.dataset.part;
    for (const each of tabs.querySelectorAll("button")) each.setAttribute("aria-pressed", String(each === button));
    if (button.dataset.part === "isian") parts.querySelector(".answers-part").open = true;
  });
}
