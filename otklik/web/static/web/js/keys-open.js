// Opens the sheet of keys where the page has one.
export default function keysOpen(button) {
  const dialog = document.getElementById("keys");
  button.hidden = !dialog;
  button.addEventListener("click", () => {
    button.closest("details").open = false;
    dialog.showModal();
  });
}
