// Menus are <details>: they work alone; here they close on Escape, on a click elsewhere, on leaving.
const OPEN = "details.menu[open]";

function closeNav(focus) {
  const toggle = document.querySelector("[data-nav]");
  document.body.classList.remove("nav-open");
  if (!toggle) return;
  toggle.setAttribute("aria-expanded", "false");
  if (focus) toggle.focus();
}

function toggleNav(event, toggle) {
  event.preventDefault();
  const open = document.body.classList.toggle("nav-open");
  for (const each of document.querySelectorAll("[data-nav]")) {
    each.setAttribute("aria-expanded", String(open));
  }
  if (open) document.querySelector("#nav a")?.focus();
  else toggle.focus();
}

export function start() {
  document.addEventListener("click", (event) => {
    const toggle = event.target.closest("[data-nav]");
    if (toggle) return toggleNav(event, toggle);
    if (document.body.classList.contains("nav-open") && !event.target.closest("#nav")) closeNav();
    for (const menu of document.querySelectorAll(OPEN)) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("focusin", (event) => {
    for (const menu of document.querySelectorAll(OPEN)) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input,textarea,select,[contenteditable]")) {
      const box = document.getElementById("search-box");
      if (box && box.offsetParent) {
        event.preventDefault();
        box.focus();
      }
    }
    if (event.key !== "Escape") return;
    const menu = event.target.closest?.(OPEN);
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (document.body.classList.contains("nav-open")) closeNav(true);
  });
}
