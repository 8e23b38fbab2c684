// [data-security-key=create|get] on a form: asks the security key before the form is sent.
// The server gives the challenge at data-options; the key's answer goes into the field "answer".

const fromText = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

function asked(options) {
  const made = { ...options, challenge: fromText(options.challenge) };
  if (options.user) made.user = { ...options.user, id: fromText(options.user.id) };
  for (const name of ["allowCredentials", "excludeCredentials"]) {
    if (options[name]) made[name] = options[name].map((one) => ({ ...one, id: fromText(one.id) }));
  }
  return made;
}

function answered(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    const value = credential.response[name];
    if (value) response[name] = toText(value);
  }
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: {},
  };
}

async function ask(form) {
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const answer = await fetch(form.dataset.options, {
    method: "POST",
    headers: { "X-CSRFToken": token },
    credentials: "same-origin",
  });
  if (!answer.ok) throw new Error(answer.status);
  const publicKey = asked(await answer.json());
  const credential = await navigator.credentials[form.dataset.securityKey]({ publicKey });
  form.querySelector("[name=answer]").value = JSON.stringify(answered(credential));
  form.submit();
}

export function start() {
  if (!window.PublicKeyCredential) return;
  for (const hidden of document.querySelectorAll("[data-needs-keys], form[data-security-key]")) {
    hidden.hidden = false;
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.securityKey) return;
    event.preventDefault();
    const failed = form.querySelector("[data-failed]");
    failed.hidden = true;
    ask(form).catch(() => {
      failed.hidden = false;
    });
  });
}
