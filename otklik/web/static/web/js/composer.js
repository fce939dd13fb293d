// The composer: keys of sending, the choice of mode, «Править» after something newer came.

// Where the focus was when an answer was asked for: who has gone elsewhere since is not called back by it.
const asked = new WeakMap();
let isElsewhere = false;
document.addEventListener("htmx:beforeRequest", ({ detail }) => asked.set(detail.xhr, document.activeElement));
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const now = document.activeElement;
  const isThere = now === document.body || now === asked.get(detail.xhr) || detail.target.contains(now);
  if (detail.target.id === "composer") isElsewhere = !isThere;
});

export default function composer(section) {
  const form = () => section.querySelector(`form[data-mode="${mode()}"]`);
  const mode = () => section.querySelector("[name=mode]:checked").value;
  const focus = () => {
    const text = form().querySelector("textarea");
    text.focus({ preventScroll: true });
    text.setSelectionRange(text.value.length, text.value.length);
  };

  section.addEventListener("change", (event) => {
    if (event.target.name === "mode") focus();
  });
  document.querySelector(`label.menu__item[for="mode-vendor"]`)?.addEventListener("click", () => {
    document.querySelector(".thread__tools details[open]")?.removeAttribute("open");
  });
  section.addEventListener("keydown", (event) => {
    const ctrl = event.ctrlKey || event.metaKey;
    if (event.code === "Enter" && event.target.matches("[data-deed]")) {
      event.preventDefault();
      form().querySelector(`.menu [name=then][value=${event.target.dataset.deed}]`).click();
    } else if (ctrl && event.shiftKey && event.code === "Enter") {
      event.preventDefault();
      sendAndClose();
    } else if (ctrl && event.code === "Enter") {
      event.preventDefault();
      form().querySelector("[data-send]").click();
    } else if (ctrl && event.shiftKey && event.code === "KeyE") {
      event.preventDefault();
      section.querySelector(mode() === "note" ? "#mode-reply" : "#mode-note").click();
    } else if (event.code === "Escape" && event.target.matches("textarea")) {
      event.target.blur();
    }
  });

  function sendAndClose() {
    const result = section.querySelector("[data-result]");
    if (!result || mode() !== "reply") return;
    if (result.value.trim()) section.querySelector("[data-solve]").click();
    else {
      result.closest("details").open = true;
      result.focus();
    }
  }

  section.querySelector("[data-edit]")?.addEventListener("click", (event) => {
    event.target.closest("[data-collision]").hidden = true;
    focus();
  });
  if ("focus" in section.dataset && !isElsewhere) focus();
}
