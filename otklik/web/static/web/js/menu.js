// A <details> menu: Esc and a press outside close it, opening it puts focus into it.
export default function menu(details) {
  const close = (back) => {
    details.open = false;
    if (back) details.querySelector("summary").focus();
  };
  document.addEventListener("click", (event) => {
    if (details.open && !details.contains(event.target)) close(false);
  });
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    event.stopPropagation();
    close(true);
  });
  details.addEventListener("toggle", () => {
    if (!details.open) return;
    for (const other of document.querySelectorAll('details[data-behaviour~="menu"][open]')) {
      if (other !== details && !other.contains(details)) other.open = false;
    }
    details.querySelector("[data-first], input:not([type=hidden]), select, textarea")?.focus();
  });
}
