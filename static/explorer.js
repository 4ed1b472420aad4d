// The plain explorer: sends the two boxes as one question and shows the answer below, without leaving the page.
import { ask, mayRun } from "./explorer-ask.js?v=e9120f578ddd";

const form = document.querySelector("[data-explorer]");
const { query, variables } = form.elements;
const told = form.querySelector("[data-told]");
const shown = form.querySelector("[data-answer]");
const address = form.getAttribute("action");

const read = () => {
  try {
    const given = JSON.parse(variables.value.trim() || "{}");
    return given !== null && typeof given === "object" && !Array.isArray(given) ? given : null;
  } catch {
    return null;
  }
};

const inWords = ({ status, body }) => {
  const cost = body.extensions?.cost;
  const parts = [body.errors ? `${body.errors.length} galat` : "Berhasil", `status ${status}`];
  if (cost) parts.push(`biaya ${cost.requested} dari ${cost.max}`);
  return `${parts.join(", ")}.`;
};

const run = async () => {
  const given = read();
  variables.toggleAttribute("aria-invalid", given === null);
  if (given === null) {
    told.textContent = "Variabel bukan objek JSON.";
    variables.focus();
    return;
  }
  if (!mayRun(query.value)) return;
  told.textContent = "Menjalankan …";
  try {
    const answer = await ask(address, { query: query.value, variables: given });
    shown.textContent = JSON.stringify(answer.body, null, 2);
    told.textContent = inWords(answer);
  } catch {
    told.textContent = "Tidak ada jawaban. Periksa sambungan, lalu jalankan lagi.";
  }
};

form.addEventListener("submit", (event) => { event.preventDefault(); run(); });
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); run(); }
});
