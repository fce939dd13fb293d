// «Скопировать…»: puts the words of another element on the clipboard and says so on the button.
export default function copy(button) {
  const words = () => document.getElementById(button.dataset.copy).textContent;
  const label = button.querySelector("[data-label]");
  const usual = label.textContent;
  button.hidden = false;

  // Without https the clipboard is closed to pages: the words are selected, Ctrl C takes them.
  function select() {
    const source = document.getElementById(button.dataset.copy);
    source.closest("details")?.setAttribute("open", "");
    getSelection().selectAllChildren(source);
  }

  function say(told) {
    label.textContent = told;
    button.nextElementSibling.textContent = told;
  }

  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(words());
      say(button.dataset.done);
    } catch {
      select();
      say(button.dataset.selected);
    }
    setTimeout(() => { label.textContent = usual; }, 4000);
  });
}
