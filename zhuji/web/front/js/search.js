// The search page: the arrows walk through what was found, and from the first line back to the box.
const LINKS = "#found a.task-title";

function step(form, by) {
  const links = [...document.querySelectorAll(LINKS)];
  const at = links.indexOf(document.activeElement);
  const next = at + by;
  if (next < 0) form.querySelector("input[type=search]").focus();
  else links[Math.min(next, links.length - 1)]?.focus();
}

export function start() {
  document.addEventListener("keydown", (event) => {
    const form = document.querySelector("form[data-search]");
    if (!form || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    const here = document.activeElement;
    if (!form.contains(here) && !here.matches(LINKS)) return;
    event.preventDefault();
    step(form, event.key === "ArrowDown" ? 1 : -1);
  });
}
