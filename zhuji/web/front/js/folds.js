// On a narrow screen the list comes first: filters stay folded until somebody wants them, or one
// of them was refused.
const NARROW = "(max-width: 767px)";

export function start() {
  if (!matchMedia(NARROW).matches) return;
  for (const fold of document.querySelectorAll(".filters-fold")) {
    fold.open = fold.querySelector("[aria-invalid=true]") !== null;
  }
}
