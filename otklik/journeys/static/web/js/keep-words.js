// What a client types outlives a closed tab: kept in this browser until it is sent. The key holds no token.
async function nameOf(path) {
  const bytes = await crypto.subtle?.digest("SHA-256", new TextEncoder().encode(path));
  return bytes && `otklik.words.${[...new Uint8Array(bytes)].slice(0, 8).map((n) => n.toString(16)).join("")}`;
}

export default async function keepWords(field) {
  const name = await nameOf(location.pathname.split("/").slice(0, 3).join("/"));
  if (!name) return; // an address without TLS: nothing to hash with
  try {
    const done = new URLSearchParams(location.search).get("done");
    if (done === "sent" || done === "anew") localStorage.removeItem(name);
    if (!field.value) field.value = localStorage.getItem(name) ?? "";
    field.addEventListener("input", () => {
      if (field.value) localStorage.setItem(name, field.value);
      else localStorage.removeItem(name);
    });
  } catch {
    // storage is switched off: the page works without it
  }
}
