// Short notes at the foot of the screen: copied, no connection, undo. Their words are in the page.
const HOLD = 8000;

function note(name) {
  const words = document.querySelector(`template[data-note="${name}"]`);
  const place = document.getElementById("notes");
  if (!words || !place) return;
  place.replaceChildren(words.content.cloneNode(true));
  const shown = place.firstElementChild;
  setTimeout(() => shown.isConnected && !shown.contains(document.activeElement) && shown.remove(), HOLD);
}

async function copy(button) {
  const text = button.dataset.copy || location.href;
  try {
    await navigator.clipboard.writeText(text);
    note("copied");
  } catch {
    note("not-copied"); // no permission, or a page without https
  }
}

export function start() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button);
    const print = event.target.closest("[data-print]");
    if (print) window.print();
    const away = event.target.closest("[data-dismiss]");
    if (away) away.closest(".note, .toast-line")?.remove();
  });
  document.addEventListener("htmx:sendError", () => note("offline"));
  document.addEventListener("htmx:timeout", () => note("offline"));
  document.addEventListener("htmx:responseError", (event) => {
    note([401, 403].includes(event.detail.xhr.status) ? "signed-out" : "failed");
  });
  // A page is about to be left with words that were not sent.
  let dirty = false;
  document.addEventListener("input", (event) => {
    if (event.target.closest("form[data-guard]")) dirty = true;
  });
  document.addEventListener("submit", () => (dirty = false));
  document.addEventListener("zhuji:saved", () => (dirty = false));
  window.addEventListener("beforeunload", (event) => dirty && event.preventDefault());
}
