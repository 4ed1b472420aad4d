// The nomination form: questions that depend on another answer, characters counted, files too large named before they are
// sent, a warning before typed text is lost.
const MEGABYTE = 1024 * 1024;
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
    for (const file of box.querySelectorAll("[type=file]")) file.disabled = box.hidden; // what is not asked is not sent
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

const tooLarge = (input) => [...input.files].some(({ size }) => size > Number(input.dataset.mostMb) * MEGABYTE);

// Empty the choice and say why, so that nobody waits for an upload that will be refused.
const checkSize = (input) => {
  const box = input.closest(".field");
  box.querySelector(".error[data-size]")?.remove();
  if (!tooLarge(input)) return;
  input.value = "";
  const told = document.createElement("p");
  told.className = "error";
  told.dataset.size = "";
  told.setAttribute("role", "alert");
  told.textContent = `Berkas lebih besar dari batas ${input.dataset.mostMb} MB.`;
  input.after(told);
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
  form.addEventListener("change", ({ target }) => { if (target.dataset.mostMb) checkSize(target); });
  form.addEventListener("submit", () => { isDirty = false; });
  form.addEventListener("saved", ({ detail }) => {
    isDirty = Boolean(detail.errors) || [...form.querySelectorAll("[type=file]")].some(({ files }) => files.length);
  });
  addEventListener("beforeunload", (event) => { if (isDirty) event.preventDefault(); });
}
