// The slideshow of the cockpit: all zones, then one after the other. It can be paused, and it
// starts paused for who asked for less motion. Each round asks for newer figures; without a
// connection the last ones stay, and the screen says so.
const HOLD = 15000;

function begin(screen) {
  const zones = [...screen.querySelectorAll("[data-zone]")];
  const bar = document.querySelector("[data-player]");
  const toggle = bar.querySelector("[data-pause]");
  const said = bar.querySelector("[data-now]");
  let at = -1; // -1: all of them
  let timer = 0;

  function show(next) {
    at = next;
    screen.classList.toggle("one", at >= 0);
    zones.forEach((zone, index) => zone.classList.toggle("on", index === at));
    said.textContent = at < 0 ? said.dataset.all : zones[at].querySelector("h2").textContent;
    window.dispatchEvent(new Event("resize"));
    scrollTo(0, 0);
  }

  async function step(by) {
    const next = at + by;
    if (next >= zones.length && (await renewed())) return;
    show(next >= zones.length ? -1 : next < -1 ? zones.length - 1 : next);
  }

  function play(on) {
    clearInterval(timer);
    timer = on ? setInterval(() => step(1), HOLD) : 0;
    toggle.setAttribute("aria-pressed", String(!on));
    toggle.textContent = on ? toggle.dataset.pause : toggle.dataset.play;
  }

  async function renewed() {
    const mark = document.querySelector("[data-offline]");
    try {
      const answer = await fetch(location.href, { redirect: "error" });
      mark.hidden = answer.ok;
      if (!answer.ok || !timer) return false;
      location.reload();
      return true;
    } catch {
      mark.hidden = false;
      return false;
    }
  }

  bar.hidden = false;
  toggle.addEventListener("click", () => play(!timer));
  bar.querySelector("[data-back]").addEventListener("click", () => step(-1));
  bar.querySelector("[data-on]").addEventListener("click", () => step(1));
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input,textarea,select,button,a,summary")) return;
    if (event.key === "ArrowRight") step(1);
    else if (event.key === "ArrowLeft") step(-1);
    else if (event.key === " ") {
      event.preventDefault();
      play(!timer);
    }
  });
  show(-1);
  play(!window.matchMedia("(prefers-reduced-motion: reduce)").matches);
}

const screen = document.querySelector("[data-screen-play]");
if (screen) begin(screen);
