// The tree of an instrument: buttons act without leaving the page, parts are moved by mouse or keyboard, sums follow.

const main = () => document.querySelector("main");
const quick = () => document.getElementById("cepat");
const voice = document.createElement("p");
voice.className = "sr";
voice.setAttribute("role", "status");
document.body.append(voice);
const speak = (text) => {
  voice.textContent = text;
};

const tell = (text) => {
  const place = document.querySelector('[data-saved="cepat"]');
  place.textContent = text;
  place.dataset.tone = "bad";
};

let isBusy = false;

// One request at a time; what was typed is saved first. Whether the page now shows what is stored.
async function press(url, values, focus) {
  if (isBusy) return false;
  isBusy = true;
  main().inert = true;
  try {
    const wait = [];
    quick()?.dispatchEvent(new CustomEvent("flush", { bubbles: true, detail: { wait } }));
    if (!(await Promise.all(wait)).every(Boolean)) {
      main().inert = false;
      [...quick().elements].find((input) => input.matches("[aria-invalid]"))?.focus();
      return false;
    }
    const body = new FormData(document.getElementById("aksi"));
    for (const [name, value] of Object.entries(values)) body.set(name, value);
    const answer = await fetch(url, { method: "POST", body });
    if (answer.redirected && new URL(answer.url).pathname !== location.pathname) {
      location.assign(answer.url);
      return true;
    }
    show(await answer.text(), focus);
    return true;
  } catch {
    tell("Belum dilakukan: tidak tersambung ke server. Tulisan Anda masih di sini; coba lagi.");
    return false;
  } finally {
    isBusy = false;
    main().inert = false;
  }
}

function show(text, focus) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const place = window.scrollY;
  main().replaceWith(document.adoptNode(page.querySelector("main")));
  start();
  window.scrollTo({ top: place, behavior: "instant" });
  const target = [...focus, "#urungkan .btn", "main"].map((wanted) => document.querySelector(wanted)).find(Boolean);
  target.focus({ preventScroll: true });
  speak(document.querySelector("main .note")?.textContent.trim() ?? "");
}

document.addEventListener("submit", (event) => {
  if (event.target.id !== "aksi" || !event.submitter?.hasAttribute("formaction")) return;
  event.preventDefault();
  const button = event.submitter;
  const id = button.closest("tr[id]")?.id;
  const row = id ? `#${CSS.escape(id)}` : "";
  const same = button.name === "step" ? [`${row} [aria-label="${CSS.escape(button.getAttribute("aria-label"))}"]`] : [];
  press(button.getAttribute("formaction"), button.name ? { [button.name]: button.value } : {}, row ? [...same, `${row} .grip`] : []);
});

const versionIn = (page) => page.querySelector("#cepat [name=row_version]")?.value;

// After something typed was saved: sums, remarks and the undo follow, the fields are left alone.
document.addEventListener("saved", async ({ target }) => {
  if (target.id !== "cepat") return;
  const answer = await fetch(location.pathname);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (versionIn(page) !== versionIn(document)) return; // somebody else saved since, or this page did: what is here stays together
  for (const old of document.querySelectorAll("[data-live]")) {
    const fresh = page.getElementById(old.id);
    if (fresh) old.replaceWith(document.adoptNode(fresh));
  }
});

// A name is one line, however long.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches(".cell")) {
    event.preventDefault();
    event.target.blur();
    event.target.focus();
  }
});

// Moving ----------------------------------------------------------------------------------------------------------

const itemsOf = (list) => [...list.children].filter((child) => child.dataset.level === list.dataset.list);
const listsFor = (item) => [...document.querySelectorAll(`[data-list="${item.dataset.level}"]`)];
const itemOf = (grip) => {
  const row = grip.closest("tr");
  return row.dataset.move ? row : grip.closest("tbody[data-move]");
};
const rowOf = (item) => (item.matches("tr") ? item : item.querySelector("tr"));

function put(item, list, before) {
  list.insertBefore(item, before ?? list.querySelector(":scope > .tail"));
}

function where(item) {
  const list = item.parentElement;
  const at = itemsOf(list).indexOf(item) + 1;
  const home = list.dataset.name ? ` di ${list.dataset.name}` : "";
  return `${item.dataset.name}: tempat ${at} dari ${itemsOf(list).length}${home}.`;
}

async function drop(item, start) {
  const list = item.parentElement;
  const to = itemsOf(list).indexOf(item);
  if (list === start.list && to === start.at) return;
  const values = { to };
  if (list !== start.list) values.component = list.dataset.code;
  if (!(await press(item.dataset.move, values, [`#${CSS.escape(rowOf(item).id)} .grip`]))) start.list.insertBefore(item, start.next);
}

const placeNow = (item) => {
  const list = item.parentElement;
  return { list, at: itemsOf(list).indexOf(item), next: item.nextElementSibling };
};

// Keyboard: space lifts, arrows move, space puts down, Escape puts back.
let lifted = null;

document.addEventListener("keydown", (event) => {
  const grip = event.target.closest?.(".grip");
  if (!grip) return;
  const item = itemOf(grip);
  if (!lifted && event.key === " ") {
    lifted = { item, start: placeNow(item) };
    item.classList.add("lifted");
    speak(`${where(item)} Diangkat.`);
  } else if (lifted && (event.key === " " || event.key === "Enter")) {
    settle(grip, true);
  } else if (lifted && event.key === "Escape") {
    settle(grip, false);
  } else if (lifted && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    shift(item, event.key === "ArrowUp" ? -1 : 1);
    grip.focus();
    speak(where(item));
  } else {
    return;
  }
  event.preventDefault();
});

function settle(grip, isKept) {
  const { item, start } = lifted;
  lifted = null;
  item.classList.remove("lifted");
  if (isKept) {
    speak(`${where(item)} Diletakkan.`);
    drop(item, start);
  } else {
    start.list.insertBefore(item, start.next);
    grip.focus();
    speak("Dibatalkan.");
  }
}

function shift(item, step) {
  const list = item.parentElement;
  const items = itemsOf(list);
  const at = items.indexOf(item) + step;
  if (at >= 0 && at < items.length) {
    put(item, list, step < 0 ? items[at] : items[at].nextElementSibling);
    return;
  }
  const lists = listsFor(item);
  const other = lists[lists.indexOf(list) + step];
  if (other) put(item, other, step < 0 ? null : itemsOf(other)[0]);
}

document.addEventListener("focusout", (event) => {
  if (lifted && !isBusy && event.target.matches(".grip") && event.relatedTarget && itemOf(event.target) === lifted.item && event.relatedTarget !== event.target) {
    settle(event.target, false);
  }
});

// Mouse and finger.
let drag = null;

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest?.(".grip");
  if (!grip || event.button) return;
  const item = itemOf(grip);
  drag = { item, grip, start: placeNow(item), isMoving: false, y: event.clientY };
  grip.setPointerCapture(event.pointerId);
});

document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  if (!drag.isMoving && Math.abs(event.clientY - drag.y) < 5) return;
  drag.isMoving = true;
  drag.item.classList.add("lifted");
  document.body.classList.add("dragging");
  const edge = 70;
  if (event.clientY < edge) window.scrollBy({ top: -14, behavior: "instant" });
  if (event.clientY > innerHeight - edge) window.scrollBy({ top: 14, behavior: "instant" });
  follow(drag.item, event.clientX, event.clientY);
});

function follow(item, x, y) {
  for (const list of listsFor(item)) {
    const box = list.getBoundingClientRect();
    if (y < box.top || y > box.bottom) continue;
    const next = itemsOf(list).find((other) => {
      const { top, height } = other.getBoundingClientRect();
      return other !== item && y < top + height / 2;
    });
    if (item.parentElement !== list || item.nextElementSibling !== (next ?? list.querySelector(":scope > .tail"))) put(item, list, next);
    return;
  }
}

const release = (isKept) => {
  if (!drag) return;
  const { item, start, isMoving } = drag;
  drag = null;
  document.body.classList.remove("dragging");
  item.classList.remove("lifted");
  if (!isMoving) return;
  if (isKept) drop(item, start);
  else start.list.insertBefore(item, start.next);
};
document.addEventListener("pointerup", () => release(true));
document.addEventListener("pointercancel", () => release(false));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") release(false);
});

// Only one menu of actions at a time; Escape or a click elsewhere closes it.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.more[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest?.("details.more[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

function start() {
  for (const grip of document.querySelectorAll(".grip[hidden]")) grip.hidden = false;
  for (const button of document.querySelectorAll("[data-plain]")) button.hidden = true;
}
start();
