// The error summary takes the focus, and its links put it into the field that is meant.
function focusSummary(root) {
  const summary = root.querySelector?.("[data-errors]");
  if (summary) summary.focus();
}

export function start() {
  focusSummary(document);
  document.addEventListener("htmx:afterSettle", (event) => focusSummary(event.target));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-errors] a[href^='#']");
    if (!link) return;
    const field = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!field) return;
    event.preventDefault();
    const label = document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
    (label || field).scrollIntoView();
    field.focus({ preventScroll: true });
  });
}
