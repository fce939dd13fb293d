// Seconds left to take a letter back; at the end the bar goes and the thread looks again.
export default function undo(bar) {
  const until = Date.parse(bar.dataset.until);
  const left = bar.querySelector("[data-left]");
  bar.setAttribute("aria-live", "off");
  const tick = () => {
    if (!bar.isConnected) return clearInterval(timer);
    const seconds = Math.ceil((until - Date.now()) / 1000);
    if (seconds > 0) {
      left.textContent = left.dataset.left.replace("{}", seconds);
      return undefined;
    }
    clearInterval(timer);
    bar.hidden = true;
    return htmx.trigger(document.body, "otklik:thread");
  };
  const timer = setInterval(tick, 500);
  tick();
}
