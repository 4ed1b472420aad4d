// The nomination form: questions that depend on another answer, characters counted, a warning before typed text is lost.
const form = document.querySelector("[data-answers]") ?? document.querySelector("form.form");

const chosen = (code) => {
  const inputs = [...form.querySelectorAll(`[name="a-${CSS.escape(code)}"]`)];
  const isPicked = (input) => !["radio", "checkbox"].includes(input.type) || input.checked;
  return inputs.filter(isPicked).map((input) => input.value);
};

const showConditions = () => {
  for (const box of form.querySelectorAll("[data-when]")) {
    const asked = form.querySelector(`[name="a-${CSS.escape(box.dataset.when)}"]`);
    const isAskedShown = !asked?.closest("[data-when][hidden]");
    box.hidden = !(isAskedShown && chosen(box.dataset.when).includes(box.dataset.equals));
  }
};

const showCount = (input) => {
  const place = input.closest(".field").querySelector(".count");
  if (!place) return;
  const length = [...input.value.replace(/\r\n/g, "\n").trim()].length;
  const { least, most } = input.dataset;
  const bounds = [least && `paling sedikit ${least}`, most && `paling banyak ${most}`].filter(Boolean).join(", ");
  place.textContent = `${length} karakter (${bounds})`;
};

if (form) {
  for (const input of form.querySelectorAll("[data-least], [data-most]")) showCount(input);
  showConditions();
  let isDirty = false;
  form.addEventListener("input", ({ target }) => {
    isDirty = true;
    if (target.dataset.least || target.dataset.most) showCount(target);
    showConditions();
  });
  form.addEventListener("submit", () => { isDirty = false; });
  addEventListener("beforeunload", (event) => { if (isDirty) event.preventDefault(); });
}
