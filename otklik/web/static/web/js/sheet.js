// The dialog of small deeds: opens when its form has come, closes when the deed is done.
export default function sheet(dialog) {
  const body = dialog.querySelector("#sheet-body");
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target !== body || dialog.open) return;
    for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
    dialog.showModal();
    body.querySelector("input:not([type=hidden], [type=checkbox]), select, textarea")?.focus();
  });
  document.body.addEventListener("otklik:close", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target !== dialog && !event.target.closest("[data-close]")) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener("close", () => { body.replaceChildren(); });
}
