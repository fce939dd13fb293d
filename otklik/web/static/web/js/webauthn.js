// A key or passkey: asks the server what to sign, the browser for the key, and sends the form with what it gave.
const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
  .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function decoded(options) {
  const plain = options.publicKey;
  plain.challenge = toBytes(plain.challenge);
  if (plain.user) plain.user.id = toBytes(plain.user.id);
  for (const one of [...(plain.allowCredentials ?? []), ...(plain.excludeCredentials ?? [])]) one.id = toBytes(one.id);
  return options;
}

function encoded(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  return {
    id: credential.id, rawId: toText(credential.rawId), type: credential.type, response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function use(form) {
  const alone = form.querySelector("[data-alone]")?.checked ? "?alone=1" : "";
  const answer = await fetch(form.action + alone, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`options: ${answer.status}`);
  const { state, ...options } = await answer.json();
  const credential = await navigator.credentials[form.dataset.act](decoded(options));
  if (state) form.elements.state.value = state;
  form.elements.credential.value = JSON.stringify(encoded(credential));
  form.submit();
}

export default function webauthn(form) {
  if (!window.PublicKeyCredential) return;
  form.hidden = false;
  const fault = form.querySelector("[data-fault]");
  form.querySelector("[data-use]").addEventListener("click", async () => {
    fault.textContent = "";
    try {
      await use(form);
    } catch (cause) {
      console.info("webauthn", cause.name);
      fault.textContent = fault.dataset.fault;
    }
  });
}
