// The width of the list: by mouse and by arrow keys, 300–480 px, remembered.
const LEAST = 300;
const MOST = 480;

export default function resize(handle) {
  const root = document.documentElement;
  const left = () => document.querySelector(".list").getBoundingClientRect().left;
  const now = () => document.querySelector(".list").offsetWidth;

  function set(width) {
    const held = Math.round(Math.min(MOST, Math.max(LEAST, width)));
    root.style.setProperty("--list", `${held / 16}rem`);
    handle.setAttribute("aria-valuenow", held);
    localStorage.setItem("otklik.list", held);
  }

  handle.setAttribute("aria-valuenow", now());
  handle.addEventListener("pointerdown", (event) => {
    handle.setPointerCapture(event.pointerId);
    handle.dataset.moving = "";
  });
  handle.addEventListener("pointermove", (event) => {
    if ("moving" in handle.dataset) set(event.clientX - left());
  });
  handle.addEventListener("pointerup", () => { delete handle.dataset.moving; });
  handle.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -16, ArrowRight: 16, Home: -MOST, End: MOST }[event.code];
    if (!step) return;
    event.preventDefault();
    set(now() + step);
  });
}
