// The client's card: folds beside the thread on wide screens, opens over it on narrow ones.
const WIDE = "(width >= 1280px)";

export default function card(link) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const root = document.documentElement;
    if (matchMedia(WIDE).matches) {
      root.dataset.card = root.dataset.card === "folded" ? "open" : "folded";
      localStorage.setItem("otklik.card", root.dataset.card);
      return;
    }
    link.closest("details")?.removeAttribute("open");
    const side = document.getElementById("card");
    side.toggleAttribute("data-open");
    if (side.hasAttribute("data-open")) side.querySelector("[data-behaviour=card-close]")?.focus();
  });
}
