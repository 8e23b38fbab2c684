// The batch bar counts what is ticked, and offers itself only when something is.
function update(form) {
  const boxes = [...form.querySelectorAll("[data-batch]")];
  const ticked = boxes.filter((box) => box.checked).length;
  const bar = form.querySelector("[data-batch-bar]");
  if (bar) {
    bar.classList.toggle("idle", ticked === 0);
    for (const number of bar.querySelectorAll("[data-batch-count]")) number.textContent = ticked;
    for (const button of bar.querySelectorAll("button")) {
      if (!("batchClear" in button.dataset)) button.disabled = ticked === 0;
    }
  }
  const all = form.querySelector("[data-batch-all]");
  if (all) {
    all.checked = boxes.length > 0 && ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  }
}

function tick(form, value) {
  for (const box of form.querySelectorAll("[data-batch]")) box.checked = value;
  update(form);
}

const formOf = (element) => element.closest("[data-batches]");

export function start() {
  const all = () => document.querySelectorAll("[data-batches]").forEach(update);
  all();
  document.addEventListener("htmx:afterSettle", all);
  document.addEventListener("change", (event) => {
    const form = event.target.matches("[data-batch],[data-batch-all]") && formOf(event.target);
    if (!form) return;
    if ("batchAll" in event.target.dataset) tick(form, event.target.checked);
    else update(form);
  });
  document.addEventListener("click", (event) => {
    const clear = event.target.closest("[data-batch-clear]");
    if (clear) tick(formOf(clear), false);
  });
}
