// Editors of an instrument: rows without a round trip, parts that fit what is chosen, and what is seen of it beside it.
// Every editor works without this: spare rows are there, all parts are there, the preview follows a save.

const MOST_ROWS = 60;
const PAUSE = 500;

// Said by a field, since what saves and what guards a form ask a field for its form.
const changed = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));

const button = (label, name, act) => {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn small";
  made.textContent = label;
  if (name) made.setAttribute("aria-label", name);
  made.addEventListener("click", act);
  return made;
};

// Rows ---------------------------------------------------------------------------------------------------------------

const fieldsOf = (row) => [...row.querySelectorAll("input, textarea, select")];
const isBlank = (row) => fieldsOf(row).every((field) => !field.value);

// Rows are numbered as they stand, since the server reads them by their number.
const renumber = (body) => {
  [...body.rows].forEach((row, at) => {
    row.cells[0].textContent = at + 1;
    for (const field of fieldsOf(row)) {
      field.name = field.name.replace(/-\d+-/, `-${at}-`);
      field.id = field.name;
      field.setAttribute("aria-label", field.getAttribute("aria-label").replace(/, baris \d+$/, `, baris ${at + 1}`));
    }
    for (const [name, label] of [["up", "Naikkan"], ["down", "Turunkan"], ["drop", "Hapus"]]) {
      row.querySelector(`[data-row="${name}"]`)?.setAttribute("aria-label", `${label} baris ${at + 1}`);
    }
  });
};

const tools = (body, row) => {
  const cell = document.createElement("td");
  cell.className = "row-tools";
  const move = (step) => {
    const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    if (step < 0) other.before(row); else other.after(row);
    renumber(body);
    cell.querySelector(`[data-row="${step < 0 ? "up" : "down"}"]`).focus();
    changed(fieldsOf(body)[0]);
  };
  const drop = () => {
    if (body.rows.length === 1) fieldsOf(row).forEach((field) => { field.value = ""; });
    else {
      const next = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      renumber(body);
      next.querySelector("[data-row=drop]").focus();
    }
    changed(fieldsOf(body)[0]);
  };
  for (const [name, sign, act] of [["up", "▲", () => move(-1)], ["down", "▼", () => move(1)], ["drop", "✕", drop]]) {
    const made = button(sign, "", act);
    made.dataset.row = name;
    cell.append(made);
  }
  row.querySelector(".row-tools")?.remove();
  row.append(cell);
};

const blankCopy = (row) => {
  const copy = row.cloneNode(true);
  for (const field of fieldsOf(copy)) {
    field.value = "";
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
  copy.querySelectorAll(".errors").forEach((list) => list.remove());
  return copy;
};

const takeRows = (box) => {
  const body = box.querySelector("tbody");
  if (!body) return;
  const head = box.querySelector("thead tr");
  const last = document.createElement("th");
  last.scope = "col";
  last.innerHTML = '<span class="sr">Urutan dan hapus</span>';
  head.append(last);
  while (body.rows.length > 1 && isBlank(body.rows[body.rows.length - 1])) body.rows[body.rows.length - 1].remove();
  for (const row of body.rows) tools(body, row);
  renumber(body);
  const add = button("Tambah baris", "", () => {
    const row = blankCopy(body.rows[body.rows.length - 1]);
    body.append(row);
    tools(body, row);
    renumber(body);
    add.disabled = body.rows.length >= MOST_ROWS;
    fieldsOf(row)[0].focus();
  });
  const note = [...box.querySelectorAll(":scope > .help")].at(-1);
  if (note) note.textContent = "Baris kosong tidak disimpan.";
  box.append(add);
};

// Parts that count only for some choices -----------------------------------------------------------------------------

const chosen = (form, id) => {
  const place = document.getElementById(id);
  if (place?.matches("select, input")) return place.value;
  return form.querySelector(`[name="${CSS.escape(id)}"]:checked`)?.value;
};

const showParts = (form) => {
  for (const part of form.querySelectorAll("[data-only]")) {
    part.hidden = !part.dataset.values.split(" ").includes(chosen(form, part.dataset.only));
  }
};

// A condition in two steps: the question, then its answers by their words ---------------------------------------------

const pairUp = (select) => {
  const groups = new Map();
  for (const option of [...select.options].slice(1)) {
    const [code] = option.value.split(":");
    const words = option.textContent;
    if (!groups.has(code)) groups.set(code, []);
    groups.get(code).push({ value: option.value, words });
  }
  if (!groups.size) return;
  const common = (answers) => {
    const [first] = answers;
    const cut = first.words.lastIndexOf(": ");
    return cut < 0 ? first.words : first.words.slice(0, cut);
  };
  const question = document.createElement("select");
  const answer = document.createElement("select");
  question.setAttribute("aria-label", "Tampil bila pertanyaan");
  answer.setAttribute("aria-label", "dijawab");
  question.add(new Option(select.options[0].textContent, ""));
  for (const [code, answers] of groups) question.add(new Option(common(answers), code));
  const fill = () => {
    const answers = groups.get(question.value) ?? [];
    answer.replaceChildren(...answers.map(({ value, words }) => new Option(words.slice(common(answers).length + 2), value)));
    answer.hidden = !answers.length;
  };
  const keep = () => {
    select.value = question.value ? answer.value : "";
    changed(select);
  };
  question.value = select.value.split(":")[0];
  fill();
  if (select.value) answer.value = select.value;
  question.addEventListener("change", () => { fill(); keep(); });
  answer.addEventListener("change", keep);
  select.hidden = true;
  const box = document.createElement("div");
  box.className = "condition";
  const word = document.createElement("span");
  word.textContent = "dijawab";
  const show = () => { word.hidden = answer.hidden; };
  question.addEventListener("change", show);
  show();
  box.append(question, word, answer);
  select.after(box);
  const label = document.querySelector(`label[for="${select.id}"]`);
  if (label) {
    question.id = `${select.id}-pertanyaan`;
    label.htmlFor = question.id;
    question.removeAttribute("aria-label");
  }
};

// What is seen of it -------------------------------------------------------------------------------------------------

const follow = (form, face) => {
  const body = face.querySelector("[data-face-body]");
  const state = face.querySelector("[data-face-state]");
  let timer;
  let asked = 0;
  const show = async () => {
    const number = ++asked;
    try {
      const answer = await fetch(face.dataset.face, { method: "POST", body: new FormData(form) });
      const text = await answer.text();
      if (number !== asked) return;
      if (answer.ok) body.innerHTML = text;
      state.textContent = answer.ok ? "" : answer.status === 422 ? text : "Pratinjau tidak dapat dibuat sekarang.";
    } catch {
      state.textContent = "Pratinjau menunggu sambungan.";
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  });
};

for (const form of document.querySelectorAll(".editor form")) {
  for (const box of form.querySelectorAll("fieldset.rows")) takeRows(box);
  for (const select of form.querySelectorAll("select#shown_when")) pairUp(select);
  showParts(form);
  form.addEventListener("input", () => showParts(form));
  form.addEventListener("change", () => showParts(form));
  const face = form.closest(".editor").querySelector("[data-face]");
  if (face) follow(form, face);
}
