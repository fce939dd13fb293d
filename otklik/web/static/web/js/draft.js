// What is typed is kept: after 800 ms by htmx (see the textarea), at once when the page is left.
export default function draft(form) {
  const text = form.querySelector("textarea");
  const emptied = form.querySelector("[name=emptied]");
  let unsaved = false;
  let typed = false;
  const copy = `otklik.draft.${form.dataset.draft}`;

  text.addEventListener("input", () => {
    typed = true;
    unsaved = true;
    emptied.value = text.value.trim() ? "" : "1";
    try { localStorage.setItem(copy, text.value); } catch { /* no room: the server's copy remains */ }
  });
  form.addEventListener("change", (event) => {
    if (event.target !== text && event.target.type !== "file" && !event.target.matches("[data-deed]")) {
      htmx.trigger(text, "otklik:save");
    }
  });
  text.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== text || !event.detail.successful) return;
    unsaved = false;
    localStorage.removeItem(copy);
  });
  form.addEventListener("submit", () => {
    unsaved = false;
    localStorage.removeItem(copy);
  });

  const flush = () => {
    if (!unsaved || !typed) return;
    const words = new FormData(form);
    words.delete("files");
    navigator.sendBeacon(form.dataset.draft, words);
    unsaved = false;
  };
  document.addEventListener("visibilitychange", () => { if (document.hidden) flush(); });
  addEventListener("pagehide", flush);
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (form.isConnected && event.detail.target?.contains(form) && event.detail.elt !== form) flush();
  });

  // Typed without connection and not on the server: it comes back.
  const left = localStorage.getItem(copy);
  if (left && !text.value.trim()) {
    text.value = left;
    htmx.trigger(text, "otklik:save");
  }
}
