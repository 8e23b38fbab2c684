// A form that is being filled in is kept on the server, so that no word is lost with the session.
const REST = 1500; // milliseconds after the last key

export function start() {
  for (const form of document.querySelectorAll("form[data-draft]")) keep(form);
}

function keep(form) {
  const said = form.querySelector("[data-draft-said]");
  let waiting = 0;
  let sent = "";
  async function save() {
    const content = new FormData(form);
    const body = new URLSearchParams(content);
    if (body.toString() === sent) return;
    sent = body.toString();
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body, redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      const { words } = await answer.json();
      if (said) said.textContent = words;
    } catch {
      sent = ""; // tried again at the next key
    }
  }
  function later() {
    clearTimeout(waiting);
    waiting = setTimeout(save, REST);
  }
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => clearTimeout(waiting));
}
