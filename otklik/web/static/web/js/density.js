// «Плотнее или свободнее»: remembered by this browser.
export default function density(button) {
  const root = document.documentElement;
  const show = () => button.setAttribute("aria-pressed", String(root.dataset.density === "dense"));
  button.addEventListener("click", () => {
    root.dataset.density = root.dataset.density === "dense" ? "free" : "dense";
    localStorage.setItem("otklik.density", root.dataset.density);
    show();
  });
  show();
}
