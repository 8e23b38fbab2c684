// [data-dialog=id] opens a <dialog>; the link's own address is the way without script.
export function start() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.dialog);
      if (!dialog || !dialog.showModal) return;
      event.preventDefault();
      dialog.showModal();
      return;
    }
    if (event.target.closest("[data-close]")) {
      event.target.closest("dialog")?.close();
    } else if (event.target.nodeName === "DIALOG") {
      event.target.close(); // the backdrop
    }
  });
}
