// Evidence files: a label of ours names the chosen file, its size is checked before sending, and a bar shows how far the upload is.
const MEGABYTE = 1024 * 1024;

const say = (form, text) => {
  const place = form.querySelector(".error") ?? form.appendChild(document.createElement("p"));
  place.className = "error";
  place.setAttribute("role", "alert");
  place.textContent = text;
};

const send = (form, bar) => new Promise((resolve, reject) => {
  const request = new XMLHttpRequest();
  request.open("POST", form.dataset.upload);
  request.responseType = "json";
  request.upload.addEventListener("progress", ({ loaded, total }) => { bar.max = total; bar.value = loaded; });
  request.addEventListener("load", () => resolve(request.response));
  request.addEventListener("error", reject);
  request.send(new FormData(form));
});

const takeover = (form) => {
  const { file } = form.elements;
  const [label] = file.labels;
  const chosen = form.querySelector(".chosen");
  const none = chosen.textContent;
  const name = () => { chosen.textContent = file.files[0]?.name ?? none; };
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
};

for (const form of document.querySelectorAll("[data-upload]")) {
  takeover(form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const [file] = form.elements.file.files;
    if (file.size > Number(form.dataset.most) * MEGABYTE) {
      say(form, `Berkas lebih besar dari batas ${form.dataset.most} MB.`);
      return;
    }
    const button = form.querySelector("button");
    const bar = form.appendChild(document.createElement("progress"));
    bar.setAttribute("aria-label", `Mengunggah ${file.name}`);
    button.disabled = true;
    try {
      const answer = await send(form, bar);
      if (answer?.evidenceId) {
        location.hash = form.closest("section").id;
        location.reload();
        return;
      }
      const problems = answer?.userErrors ?? answer?.errors ?? [];
      say(form, problems.map(({ message }) => message).join(" ") || "Berkas tidak dapat diunggah. Coba lagi.");
    } catch {
      say(form, "Sambungan terputus sebelum berkas selesai diunggah. Coba lagi.");
    }
    bar.remove();
    button.disabled = false;
  });
}
