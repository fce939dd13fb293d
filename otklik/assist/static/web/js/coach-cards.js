// The cards of the findings: one press takes a suggestion (Ctrl+Z takes it back), says no, or remembers a promise.
export default function cards({ section, form, text, found, told, marks, send, soon }) {
  const all = () => [...found.querySelectorAll("[data-card]")];
  const say = (card, words) => send("verdict/", { key: card.dataset.key, ...words }).catch(() => null);
  let at = "";

  function take(card, words) {
    const { key, start, end } = card.dataset;
    const whole = end === "0" && { start: 0, end: 0 }; // about all of the reply: stands before it
    const place = whole || marks.place(key, Number(start));
    if (!place) return soon(0);
    text.focus({ preventScroll: true });
    text.setSelectionRange(place.start, place.end);
    // the browser's own way keeps its undo; a field without it gets the words all the same
    const done = words ? document.execCommand("insertText", false, words) : document.execCommand("delete");
    if (!done) {
      text.setRangeText(words, place.start, place.end, "end");
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }
    say(card, { what: "taken" });
    return gone(card);
  }

  async function dismiss(card, reason, wide = "", words = "") {
    await say(card, { what: "dismissed", reason, wide, words });
    if (card.contains(document.activeElement)) text.focus({ preventScroll: true });
    gone(card);
    soon(0);
  }

  function gone(card) {
    const group = card.closest(".coach__group");
    card.remove();
    if (!group.querySelector("[data-card]")) group.remove();
    if (at === card.dataset.key) step(0);
  }

  async function pledge(card) {
    const due = card.querySelector("[data-due]")?.value ?? "";
    const kept = card.querySelector("[data-pledge]").checked;
    const answer = await say(card, { what: kept ? "taken" : "dismissed", due_at: kept ? due : "" });
    card.querySelector("[data-due]")?.setAttribute("aria-invalid", String(answer?.status === 422)); // it has passed
    if (due && answer?.ok) soon(0);
  }

  // Alt+↓ and Alt+↑ lead from finding to finding while the cursor stays in the words.
  function step(by) {
    const known = all();
    const here = known.findIndex((card) => card.dataset.key === at);
    const next = known.length && by ? known[(here + by + known.length) % known.length] : null;
    at = next?.dataset.key ?? "";
    for (const card of known) card.toggleAttribute("data-now", card === next);
    marks.look(at);
    if (!next) return;
    found.firstElementChild.open = true;
    next.scrollIntoView({ block: "nearest" });
    const rule = next.closest(".coach__group").querySelector(".coach__rule").textContent;
    told.textContent = `${next.textContent} — ${rule}`.replace(/\s+/g, " ").trim();
  }

  text.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (event.code === "ArrowDown" || event.code === "ArrowUp") step(event.code === "ArrowDown" ? 1 : -1);
    else if (event.code === "Enter") {
      const known = all();
      const card = known.find((one) => one.dataset.key === at) ?? known.find((one) => one.querySelector("[data-take]"));
      const first = card?.querySelector("[data-take]");
      if (first) take(card, first.dataset.take);
    } else return;
    event.preventDefault();
  });

  section.addEventListener("click", (event) => {
    const card = event.target.closest("[data-card]");
    const button = event.target.closest("button");
    if (!card || !button) return;
    if ("take" in button.dataset) take(card, button.dataset.take);
    else if ("dismiss" in button.dataset) dismiss(card, button.dataset.dismiss, button.dataset.wide);
  });
  section.addEventListener("keydown", (event) => {
    if (event.code !== "Enter" || !event.target.matches("input")) return;
    event.preventDefault(); // else the letter would leave
    if (event.target.matches("[data-own-reason]") && event.target.value.trim()) {
      dismiss(event.target.closest("[data-card]"), "own", "", event.target.value);
    }
  });
  section.addEventListener("change", (event) => {
    event.stopPropagation(); // nothing of the draft
    if (event.target.matches("[data-pledge], [data-due]")) pledge(event.target.closest("[data-card]"));
  });
  section.addEventListener("input", (event) => event.stopPropagation());
  form.addEventListener("submit", () => marks.look(""));
}
