// What the coach finds while somebody types: asked 300 ms after the last key, the latest question wins. Typing never
// waits: without an answer all stays as it was, and the letter is sent as ever.
import cards from "./coach-cards.js";
import underline from "./coach-marks.js";

const PAUSE = 300;
const BUSY = 1000;
const PATIENCE = 10000;
const SEEN = 3000; // so long a finding has stood before the writer's eyes

export default function coach(section) {
  const form = section.closest("form");
  const text = form.querySelector("textarea");
  const found = section.querySelector("[data-coach-found]");
  const told = section.querySelector("[data-coach-told]");
  const marks = underline(text, form.querySelector("[data-coach-marks]"));
  const since = new Map(); // key of a finding → when it came up
  const send = (what, words, signal) => fetch(section.dataset.url + what, {
    method: "POST", signal, headers: { "HX-Request": "true" }, keepalive: !signal,
    body: new URLSearchParams({ csrfmiddlewaretoken: form.csrfmiddlewaretoken.value, ...words }),
  });
  let timer = 0;
  let standing = 0;
  let asking = null;
  let took = 0;
  let composing = false;

  function soon(wait = Math.max(PAUSE, 2 * took)) {
    clearTimeout(timer);
    timer = setTimeout(ask, wait);
  }

  async function ask() {
    if (composing || !section.isConnected) return;
    asking?.abort();
    const mine = new AbortController();
    asking = mine;
    const asked = text.value;
    const patience = setTimeout(() => mine.abort(), PATIENCE);
    const began = performance.now();
    try {
      const answer = await send("findings/", { text: asked }, mine.signal);
      const html = answer.status === 200 ? await answer.text() : "";
      if (mine !== asking) return;
      took = performance.now() - began;
      if (answer.status === 503) soon(BUSY);
      else if (html && text.value === asked) show(html);
    } catch {
      // put off by a newer question, or there is no connection: the next key asks again
    } finally {
      clearTimeout(patience);
    }
  }

  // Tells once which findings stood long enough: one that goes away later was mended by hand.
  function tell() {
    const now = performance.now();
    const keys = [...found.querySelectorAll("[data-card]")].map((card) => card.dataset.key);
    const stood = keys.filter((key) => now - since.get(key) >= SEEN);
    for (const key of stood) since.set(key, Infinity);
    if (stood.length) send("findings/", { text: "", seen: stood.join(",") }).catch(() => null);
  }

  function show(html) {
    const focused = found.contains(document.activeElement) ? document.activeElement.closest("[data-card]")?.dataset.key ?? "" : null;
    htmx.swap(found, html, { swapStyle: "innerHTML" });
    const fold = found.firstElementChild;
    fold.open = Boolean(fold.dataset.some) && isWanted();
    marks.set(fold.dataset.marks);
    for (const { dataset } of found.querySelectorAll("[data-card]")) {
      if (!since.has(dataset.key)) since.set(dataset.key, performance.now());
    }
    clearTimeout(standing);
    standing = setTimeout(tell, SEEN);
    const words = found.querySelector("[data-coach-summary]").textContent.trim();
    if (told.textContent !== words) told.textContent = words;
    if (focused !== null) (found.querySelector(`[data-key="${focused}"] button`) ?? text).focus();
  }

  // Whether the list opens by itself: until it was folded by hand, and not over the letter on a phone.
  const isWanted = () => (localStorage.getItem("otklik.coach") ?? (innerWidth < 600 ? "folded" : "open")) === "open";
  found.addEventListener("click", (event) => {
    const fold = event.target.closest(".coach__head")?.parentElement;
    if (fold) localStorage.setItem("otklik.coach", fold.open ? "folded" : "open");
  });

  text.addEventListener("input", () => { marks.shift(); soon(); });
  text.addEventListener("compositionstart", () => { composing = true; });
  text.addEventListener("compositionend", () => { composing = false; soon(); });
  cards({ section, form, text, found, told, marks, send, soon });
  if (text.value.trim()) soon();
}
