// A notice that can be put away.
export default function notice(element) {
  element.querySelector("[data-close]")?.addEventListener("click", () => element.remove());
}
