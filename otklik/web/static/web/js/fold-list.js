// The list folds away beside an open request; the key brings it back. Remembered by this browser.
export default function foldList(button) {
  const root = document.documentElement;
  button.addEventListener("click", () => {
    root.dataset.list = root.dataset.list === "folded" ? "open" : "folded";
    localStorage.setItem("otklik.list-fold", root.dataset.list);
  });
}
