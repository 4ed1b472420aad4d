// Evidence files: a label of ours names the chosen file, its size is checked before sending, and it goes in pieces (tus 1.0), so
// that a lost connection costs one piece. It goes on by itself when the connection is back; after a reload, when the same file is
// chosen again. Without scripting the form itself sends the file.
import { renewToken } from "./session.js?v=3303bc036a1d";

const MEGABYTE = 1024 * 1024;
const PATIENCE = 10 * 60 * 1000; // how long it is tried without a byte getting through
const LONGEST_PAUSE = 15_000;
const NOT_SIGNED_IN = [400, 401, 403];
const GOES_ON = [0, 409, 423, 429, 460, 500, 502, 503, 504]; // 0: no connection

const say = (form, text) => {
  const place = form.querySelector(".error") ?? form.appendChild(document.createElement("p"));
  place.className = "error";
  place.setAttribute("role", "alert");
  place.textContent = text;
};

const ENDED = "Sesi Anda berakhir. Masuk kembali di tab baru, lalu kirim berkas ini sekali lagi dari halaman ini.";

// A refusal; where it is about who asks (a session that ended), the upload waits.
class Refused extends Error {
  constructor(request) {
    super(request.isEnded ? ENDED : answered(request) || "Berkas tidak dapat diunggah. Coba lagi.");
    this.isFinal = !NOT_SIGNED_IN.includes(request.status);
  }
}
class Stopped extends Error {}

const percent = (part, whole) => `${Math.floor((part / whole) * 100)} %`;
const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

const wait = (milliseconds, signal) => new Promise((resolve) => {
  const over = () => { clearTimeout(timer); removeEventListener("online", over); signal.removeEventListener("abort", over); resolve(); };
  const timer = setTimeout(over, milliseconds);
  addEventListener("online", over);
  signal.addEventListener("abort", over);
});

// One request of the protocol; a piece tells how much of it is gone.
const once = (form, method, address, { headers = {}, body = null, signal = null, gone = () => {} } = {}) => new Promise((resolve, reject) => {
  if (signal?.aborted) { reject(new Stopped()); return; }
  const request = new XMLHttpRequest();
  request.open(method, address);
  const all = { "Tus-Resumable": "1.0.0", "X-CSRFToken": form.elements.csrf_token.value, ...headers };
  for (const [name, value] of Object.entries(all)) request.setRequestHeader(name, value);
  request.upload.addEventListener("progress", ({ loaded }) => gone(loaded));
  request.addEventListener("loadend", () => (signal?.aborted ? reject(new Stopped()) : resolve(request)));
  signal?.addEventListener("abort", () => request.abort(), { once: true });
  request.send(body);
});

const ask = async (form, ...how) => {
  const request = await once(form, ...how);
  if (!NOT_SIGNED_IN.includes(request.status)) return request;
  const token = await renewToken().catch(() => "same");
  if (token === "new") return once(form, ...how);
  request.isEnded = token === "ended";
  return request;
};

const answered = (request) => {
  try {
    const { userErrors, errors } = JSON.parse(request.responseText);
    return (userErrors ?? errors).map(({ message }) => message).join(" ");
  } catch {
    return "";
  }
};

// What this tab remembers of an unfinished upload, so that a reload does not lose it; nothing stays when the tab is closed.
const place = (form) => `unggahan:${form.elements.nominationId.value}:${form.elements.requirement.value}`;
const remembered = (form) => {
  try { return JSON.parse(sessionStorage.getItem(place(form))); } catch { return null; }
};
const remember = (form, kept) => {
  try { sessionStorage.setItem(place(form), JSON.stringify(kept)); } catch { /* a full store only costs the going on after a reload */ }
};
const forget = (form) => sessionStorage.removeItem(place(form));
const isSame = (kept, file) => kept?.name === file?.name && kept.size === file.size && kept.modified === file.lastModified;

const begin = async (form, file, signal) => {
  const told = { nominationId: form.elements.nominationId.value, requirement: form.elements.requirement.value, filename: file.name };
  const metadata = Object.entries(told).map(([name, value]) => `${name} ${base64(value)}`).join(",");
  const request = await ask(form, "POST", form.dataset.upload, { headers: { "Upload-Length": String(file.size), "Upload-Metadata": metadata }, signal });
  if (request.status !== 201) throw GOES_ON.includes(request.status) && request.status !== 429 ? new Error("begin") : new Refused(request);
  const kept = {
    url: request.getResponseHeader("Location"), piece: Number(request.getResponseHeader("SIPetruk-Piece")), offset: 0,
    name: file.name, size: file.size, modified: file.lastModified,
  };
  remember(form, kept);
  return kept;
};

// Where the server says that the upload stands; what became of it when it is finished; null when it is gone.
const standing = async (form, kept, signal) => {
  const request = await ask(form, "HEAD", kept.url, { signal });
  if (request.status === 404) return null;
  if (request.status !== 200) throw GOES_ON.includes(request.status) ? new Error("standing") : new Refused(request);
  return { offset: Number(request.getResponseHeader("Upload-Offset")), evidence: request.getResponseHeader("SIPetruk-Evidence") };
};

const piece = async (form, kept, file, offset, signal, show) => {
  const body = file.slice(offset, offset + kept.piece);
  const headers = { "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
  const request = await ask(form, "PATCH", kept.url, { headers, body, signal, gone: (bytes) => show(offset + bytes) });
  if (request.status === 404) throw new Error("gone"); // it is begun anew
  if (request.status !== 204) throw GOES_ON.includes(request.status) ? new Error("piece") : new Refused(request);
  return { offset: Number(request.getResponseHeader("Upload-Offset")), evidence: request.getResponseHeader("SIPetruk-Evidence") };
};

// Sends the whole file, however often the connection is lost on the way.
const send = async (form, file, signal, { show, lost }) => {
  let kept = isSame(remembered(form), file) ? remembered(form) : null;
  let stands = null;
  let failures = 0;
  let lastGain = Date.now();
  for (;;) {
    try {
      if (kept && !stands) stands = await standing(form, kept, signal);
      if (!stands) {
        kept = await begin(form, file, signal);
        stands = { offset: 0, evidence: null };
      }
      if (stands.evidence) return;
      show(stands.offset);
      stands = await piece(form, kept, file, stands.offset, signal, show);
      remember(form, { ...kept, offset: stands.offset });
      failures = 0;
      lastGain = Date.now();
    } catch (error) {
      if (error instanceof Refused || error instanceof Stopped || Date.now() - lastGain > PATIENCE) throw error;
      stands = null;
      lost();
      await wait(Math.min(1000 * 2 ** failures, LONGEST_PAUSE), signal);
      failures += 1;
    }
  }
};

const takeover = (form) => {
  const { file } = form.elements;
  const [label] = file.labels;
  const chosen = form.querySelector(".chosen");
  const button = form.querySelector("button");
  const none = chosen.textContent;
  const upload = button.textContent;
  const name = () => {
    const [given] = file.files;
    const kept = remembered(form);
    button.textContent = given && isSame(kept, given) ? "Lanjutkan" : upload;
    const waiting = kept && `Unggahan “${kept.name}” terhenti pada ${percent(kept.offset, kept.size)}. Pilih berkas yang sama untuk melanjutkan.`;
    chosen.textContent = given?.name ?? waiting ?? none;
  };
  form.classList.add("ours");
  label.className = "button second little";
  chosen.hidden = false;
  name(); // the browser may have kept a choice from before
  file.addEventListener("change", () => {
    name();
    form.querySelector(".error")?.remove();
  });
  file.addEventListener("invalid", (event) => {
    event.preventDefault();
    say(form, "Pilih berkas terlebih dahulu.");
    file.focus();
  });
  return name;
};

// The bar, what it says in words, and the button that stops it.
const lane = (form, file, stop) => {
  const bar = Object.assign(document.createElement("progress"), { max: file.size, value: 0 });
  bar.setAttribute("aria-label", `Mengunggah ${file.name}`);
  const words = document.createElement("span");
  words.className = "muted small";
  words.setAttribute("role", "status");
  const cancel = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: "Batalkan unggahan" });
  cancel.addEventListener("click", stop);
  form.append(bar, words, cancel);
  let said = -1;
  return {
    show: (bytes) => {
      bar.value = Math.min(bytes, file.size);
      const tenth = Math.floor((bar.value / file.size) * 10);
      if (tenth === said) return; // a screen reader hears every tenth
      said = tenth;
      words.textContent = `Terkirim ${percent(bar.value, file.size)}.`;
    },
    lost: () => {
      said = -1;
      words.textContent = `Sambungan terputus pada ${percent(bar.value, file.size)}. Menyambung kembali …`;
    },
    remove: () => { for (const each of [bar, words, cancel]) each.remove(); },
  };
};

// A document that is being sent, or whose file is chosen and not yet sent.
const isAtWork = (section) => [...section.querySelectorAll("[data-upload]")].some((form) => form.elements.file.files.length > 0);

// The page as it is now that a file arrived; what is at work on other documents stays as it is, and so does where the reader is.
const renew = async (arrived) => {
  const answer = await fetch(location.pathname);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
  const shown = answer.ok && fresh?.querySelector(`#${CSS.escape(arrived.id)}`);
  if (!shown) { location.reload(); return; }
  const focused = document.activeElement;
  for (const old of document.querySelectorAll("section.requirement")) {
    if (old !== arrived && isAtWork(old)) fresh.querySelector(`#${CSS.escape(old.id)}`)?.replaceWith(old);
  }
  document.querySelector("main").replaceWith(document.adoptNode(fresh));
  for (const form of document.querySelectorAll("[data-upload]:not(.ours)")) attend(form);
  const heading = shown.querySelector("h3");
  heading.tabIndex = -1;
  if (focused.isConnected && focused !== document.body) focused.focus({ preventScroll: true });
  else heading.focus({ preventScroll: true });
};
let renewed = Promise.resolve(); // one after the other, so that the last one shows them all

const attend = (form) => {
  const name = takeover(form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const [file] = form.elements.file.files;
    if (file.size > Number(form.dataset.most) * MEGABYTE) {
      say(form, `Berkas lebih besar dari batas ${form.dataset.most} MB.`);
      return;
    }
    form.querySelector(".error")?.remove();
    const button = form.querySelector("button");
    const stopping = new AbortController();
    const shown = lane(form, file, () => stopping.abort());
    button.disabled = true;
    form.elements.file.disabled = true;
    try {
      await send(form, file, stopping.signal, shown);
      forget(form);
      form.reset(); // nothing of it is lost any more when the page is left
      renewed = renewed.then(() => renew(form.closest("section"))).catch(() => location.reload());
      return;
    } catch (error) {
      const kept = remembered(form);
      if (error instanceof Stopped && kept) ask(form, "DELETE", kept.url);
      if (error instanceof Stopped || error.isFinal) forget(form);
      if (error instanceof Refused) say(form, error.message);
      else if (!(error instanceof Stopped)) say(form, "Sambungan terputus sebelum berkas selesai diunggah. Tekan “Lanjutkan” bila sudah tersambung.");
    }
    shown.remove();
    button.disabled = false;
    form.elements.file.disabled = false;
    name();
    button.focus();
  });
};

for (const form of document.querySelectorAll("[data-upload]")) attend(form);
addEventListener("beforeunload", (event) => {
  if ([...document.querySelectorAll("section.requirement")].some(isAtWork)) event.preventDefault();
});
