// Saves a form while it is filled in: after a pause, and when a field is left. Forms ask for it with `data-autosave`;
// without scripting their own button saves them.
//
// What is refused is named at its field; where the answer says so, everything else was kept.
//
// Events on the form: "saved" when what was typed is stored (detail: the answer, with the `errors` that it names), "flush" asks to
// save at once (push to detail.wait what is to be awaited).

import { renewToken } from "./session.js?v=3303bc036a1d";

const PAUSE = 1500;
const ENDED = [0, 400, 401]; // 0 is a redirect to the sign-in
const GLANCE = 50;
const LONGEST_PRESS = 1000;
const states = new WeakMap();

const stateOf = (form) => {
  if (!states.has(form)) states.set(form, { timer: 0, isDirty: false, saving: null, isStopped: false, isWhole: true });
  return states.get(form);
};

const formsHere = () => [...document.querySelectorAll("form[data-autosave]")];
const formOf = (target) => (target.form?.matches("form[data-autosave]") ? target.form : null);
const placeOf = (form) => (form.id && document.querySelector(`[data-saved="${form.id}"]`)) || form.querySelector("[data-saved]");

function say(form, text, tone = "") {
  const place = placeOf(form);
  if (!place) return;
  place.textContent = text;
  place.dataset.tone = tone;
}

// A button that moves between press and release is not clicked: until the release nothing is sent, and nothing new is shown.
let isPressed = false;
addEventListener("pointerdown", () => { isPressed = true; }, true);
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => { isPressed = false; }, true);

async function released() {
  for (let waited = 0; isPressed && waited < LONGEST_PRESS; waited += GLANCE) await new Promise((resolve) => setTimeout(resolve, GLANCE));
}

function save(form) {
  const state = stateOf(form);
  clearTimeout(state.timer);
  if (state.isStopped || (!state.isDirty && !state.saving)) return Promise.resolve(!state.isStopped && state.isWhole);
  state.saving = (state.saving ?? Promise.resolve(true)).then((before) => (state.isDirty ? send(form, state) : before));
  const own = state.saving;
  own.finally(() => {
    if (state.saving === own) state.saving = null;
  });
  return own;
}

// Everything typed; chosen files wait for the button.
function post(form) {
  const data = new FormData(form);
  for (const input of form.querySelectorAll("input[type=file][name]")) data.delete(input.name);
  return fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" }, redirect: "manual" });
}

function sayEnded(form) {
  say(form, "Belum tersimpan: sesi Anda berakhir. Tulisan Anda masih di sini. ", "bad");
  const link = Object.assign(document.createElement("a"), { href: "/masuk", target: "_blank", rel: "noopener" });
  link.textContent = "Masuk kembali di tab baru, lalu lanjutkan mengetik di sini.";
  placeOf(form)?.append(link);
}

async function send(form, state) {
  await released();
  state.isDirty = false;
  say(form, "Menyimpan …");
  let answer;
  let found;
  try {
    answer = await post(form);
    if (ENDED.includes(answer.status) && (await renewToken()) === "new") answer = await post(form);
    found = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
  } catch {
    state.isDirty = true;
    say(form, "Belum tersimpan: tidak tersambung ke server. Tulisan Anda masih di sini.", "bad");
    return false;
  }
  await released();
  const loose = showErrors(form, found.errors ?? {});
  if (answer.ok && "row_version" in found) return stored(form, state, found);
  state.isDirty = true;
  if (ENDED.includes(answer.status) && !found.errors) {
    sayEnded(form);
    return false;
  }
  if (answer.status === 409 && found.message) showConflict(form, state, found.message);
  else if (found.errors) say(form, loose.join(" ") || "Belum tersimpan: periksa isian yang ditandai.", "bad");
  else say(form, "Belum tersimpan. Coba tombol simpan, atau muat ulang halaman ini.", "bad");
  return false;
}

// Whether that was everything.
function stored(form, state, found) {
  for (const input of document.querySelectorAll("input[name=row_version], input[name=expected_version]")) input.value = found.row_version;
  if (found.here) {
    const here = new URL(found.here, location.href);
    if (form.action.split("?")[0] !== here.href) {
      form.action = here.href + location.search;
      history.replaceState(null, "", here.href + location.search);
    }
  }
  const isWhole = !found.errors || Object.keys(found.errors).length === 0;
  state.isWhole = isWhole;
  say(form, `Tersimpan pukul ${found.saved_at}${isWhole ? "" : ", kecuali isian yang ditandai"}`, isWhole ? "good" : "bad");
  if (isWhole && !form.querySelector(".wrong")) document.getElementById("problems-title")?.parentElement.remove();
  dropSummary(form);
  if (!state.isDirty) form.dispatchEvent(new CustomEvent("saved", { bubbles: true, detail: found }));
  return isWhole;
}

// A summary that says that nothing was saved goes once something was: what is still wrong is named at its field.
function dropSummary(form) {
  const summary = document.getElementById("ringkasan");
  const targets = [...(summary?.querySelectorAll("a[href^='#']") ?? [])].map((link) => document.getElementById(link.hash.slice(1)));
  if (!targets.length || !targets.every((target) => target?.form === form || form.contains(target))) return;
  const wasHere = summary.contains(document.activeElement);
  summary.remove();
  if (!wasHere) return;
  const place = placeOf(form);
  place.tabIndex = -1;
  place.focus();
}

// The inputs of one question; a tally has one for each of its kinds. Some stand outside of the form and name it.
const inputsOf = (form, name) => [...form.elements].filter((input) => name && (input.name === name || input.name.startsWith(`${name}.`)));
const wrongIn = (form) => [...form.elements].filter((input) => input.matches("[aria-invalid]:not([type=file])"));

// Names what is wrong at its field; returns what has none.
function showErrors(form, errors) {
  for (const list of document.querySelectorAll("ul.errors[id$='-salah']")) {
    const inputs = inputsOf(form, list.id.slice(0, -"-salah".length));
    const isOurs = list.closest("form") === form || inputs.length > 0;
    if (isOurs && !inputs.some((input) => input.type === "file")) dropList(list);
  }
  for (const field of wrongIn(form)) {
    field.removeAttribute("aria-invalid");
    const box = field.closest(".field.wrong");
    for (const told of box?.querySelectorAll(".error") ?? []) told.remove(); // what the page itself said
    box?.classList.remove("wrong");
    describe(field, (ids) => ids.filter((id) => !["-salah", "-error"].some((ending) => id.endsWith(ending))));
    document.getElementById(`${field.name.split(".")[0]}-salah`)?.remove();
  }
  const loose = [];
  for (const [name, texts] of Object.entries(errors)) {
    const inputs = inputsOf(form, name);
    const last = inputs.at(-1) ?? document.getElementById(name)?.querySelector("legend"); // rows have no input of their own
    if (!last) {
      loose.push(...texts);
      continue;
    }
    for (const input of inputs) {
      input.setAttribute("aria-invalid", "true");
      describe(input, (ids) => [`${name}-salah`, ...ids]);
    }
    last.closest(".field")?.classList.add("wrong");
    const list = document.createElement("ul");
    list.id = `${name}-salah`;
    list.className = "errors";
    list.append(...texts.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
    (last.closest("label, .tally, .with-unit") ?? last).after(list);
  }
  return loose;
}

function dropList(list) {
  for (const field of document.querySelectorAll(`[aria-describedby~="${CSS.escape(list.id)}"]`)) describe(field, (ids) => ids.filter((id) => id !== list.id));
  list.remove();
}

// What a field is described by, besides what is wrong with it, stays.
function describe(field, change) {
  const ids = change((field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
  if (ids.length) field.setAttribute("aria-describedby", ids.join(" "));
  else field.removeAttribute("aria-describedby");
}

// Somebody else was faster: nothing is overwritten; the button opens the page with both texts.
function showConflict(form, state, message) {
  state.isStopped = true;
  say(form, `${message} `, "bad");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn small";
  button.textContent = "Bandingkan kedua tulisan";
  button.addEventListener("click", () => {
    state.isDirty = false;
    form.requestSubmit();
  });
  placeOf(form)?.append(button);
}

document.addEventListener("input", ({ target }) => {
  const form = formOf(target);
  if (!form) return;
  const state = stateOf(form);
  state.isDirty = true;
  clearTimeout(state.timer);
  if (target.name !== "code") state.timer = setTimeout(() => save(form), PAUSE); // half a code is another code
});

document.addEventListener("focusout", ({ target }) => {
  const form = formOf(target);
  if (form) save(form);
});

addEventListener("online", () => formsHere().forEach(save)); // what could not be sent

document.addEventListener("flush", (event) => {
  if (event.target.matches?.("form[data-autosave]")) event.detail.wait.push(save(event.target));
});

// The button of the form: wait for what is under way, or it would look like a change by somebody else.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-autosave]")) return;
  const state = stateOf(form);
  clearTimeout(state.timer);
  if (!state.saving) {
    state.isDirty = false;
    return;
  }
  event.preventDefault();
  await state.saving;
  state.isDirty = false;
  form.requestSubmit(event.submitter);
});

// A link: save first, then follow it; stay where something could not be saved.
document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
  if (link.pathname === location.pathname && link.hash) return;
  const pending = formsHere().filter((form) => stateOf(form).isDirty || stateOf(form).saving);
  if (pending.length === 0 || pending.some((form) => stateOf(form).isStopped)) return;
  event.preventDefault();
  const saved = await Promise.all(pending.map(save));
  if (saved.every(Boolean)) location.assign(link.href);
  else wrongIn(pending[saved.indexOf(false)])[0]?.focus();
});
