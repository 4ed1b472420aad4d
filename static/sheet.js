// Saves the sheet of an assessor now and then, and says when; without scripting the buttons do it.

const PAUSE = 2500;
const form = document.getElementById("lembar");
const state = document.getElementById("tersimpan");
let timer;
let running = false;
let waiting = false;
let leaving = false;
let unsaved = false;

async function save() {
  if (running || leaving) {
    waiting = running;
    return;
  }
  running = true;
  try {
    const answer = await fetch(form.dataset.quiet, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
    const told = await answer.json();
    if (told.saved) {
      unsaved = waiting;
      form.elements.row_version.value = told.version;
      state.textContent = `Tersimpan otomatis pukul ${told.at}.`;
    } else {
      state.textContent = `Belum tersimpan otomatis. ${told.message}`;
    }
  } catch {
    state.textContent = "Belum tersimpan otomatis: sambungan terputus. Tekan Simpan bila sambungan pulih.";
  }
  running = false;
  if (waiting) {
    waiting = false;
    later();
  }
}

function later() {
  unsaved = true;
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE);
}

// what has been saved need not be guarded, so this page asks on its own account
delete form?.dataset.guard;
window.addEventListener("beforeunload", (event) => {
  if (unsaved && !leaving) event.preventDefault();
});

window.addEventListener("pageshow", () => {
  leaving = false;
});

form?.addEventListener("input", later);
form?.addEventListener("submit", (event) => {
  leaving = true;
  clearTimeout(timer);
  if (!running) return;
  // the version on the page is about to change: send the form when it has
  event.preventDefault();
  const button = event.submitter;
  const wait = setInterval(() => {
    if (running) return;
    clearInterval(wait);
    form.requestSubmit(button);
  }, 100);
});
