// A file can be dropped on the area or pasted into it; the chosen name is shown at once.
function show(area) {
  const input = area.querySelector("input[type=file]");
  const name = area.querySelector("[data-drop-name]");
  if (!input || !name) return;
  name.textContent = [...input.files].map((file) => file.name).join("、");
  area.classList.toggle("filled", input.files.length > 0);
}

function take(area, files) {
  const input = area.querySelector("input[type=file]");
  if (!input || files.length === 0) return false;
  input.files = files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

export function start() {
  const over = (event) => event.target.closest?.("[data-drop]");
  document.addEventListener("change", (event) => {
    const area = event.target.type === "file" && over(event);
    if (area) show(area);
  });
  document.addEventListener("dragover", (event) => {
    const area = over(event);
    if (!area) return;
    event.preventDefault();
    area.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => {
    const area = over(event);
    if (area && !area.contains(event.relatedTarget)) area.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    const area = over(event);
    if (!area) return;
    event.preventDefault();
    area.classList.remove("over");
    take(area, event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => {
    const area = over(event);
    if (area && take(area, event.clipboardData.files)) event.preventDefault();
  });
}
