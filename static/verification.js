// Next and previous in the queue by Alt+Page Down and Alt+Page Up; the link does the rest, so what was typed is saved first.
document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const rel = { PageDown: "next", PageUp: "prev" }[event.key];
  const link = rel && document.querySelector(`.queue a[rel="${rel}"]`);
  if (!link) return;
  event.preventDefault();
  link.click();
});
