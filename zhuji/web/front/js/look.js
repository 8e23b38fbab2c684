// Light or dark and large letters. What the reader chose stays on this device, nowhere else.
const root = document.documentElement;
const dark = window.matchMedia("(prefers-color-scheme: dark)");

export function read(name) {
  try {
    return localStorage.getItem("zhuji." + name) || "";
  } catch {
    return ""; // storage is closed to us: the look of the system holds
  }
}

export function write(name, value) {
  try {
    if (value) localStorage.setItem("zhuji." + name, value);
    else localStorage.removeItem("zhuji." + name);
  } catch {
    // the choice then lasts as long as the page
  }
}

export function apply(theme = read("theme"), text = read("text")) {
  const shown = theme || (dark.matches ? "dark" : "light");
  const before = root.dataset.bsTheme;
  root.dataset.bsTheme = shown;
  root.dataset.text = text || "normal";
  if (before !== shown) root.dispatchEvent(new CustomEvent("zhuji:theme"));
}

function mark() {
  for (const button of document.querySelectorAll("[data-look]")) {
    const chosen = read(button.dataset.look) === button.dataset.value;
    button.setAttribute("aria-pressed", String(chosen));
  }
}

export function start() {
  mark();
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-look]");
    if (!button) return;
    write(button.dataset.look, button.dataset.value);
    apply();
    mark();
  });
  dark.addEventListener("change", () => apply());
  // Paper is white, whatever the screen is.
  window.addEventListener("beforeprint", () => apply("light"));
  window.addEventListener("afterprint", () => apply());
}
