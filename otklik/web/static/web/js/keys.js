// Single keys by their place on the keyboard; off in inputs and dialogs. Also the sheet that shows them.
const usual = () => localStorage.getItem("otklik.keys") !== "off";
const typing = (target) => target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");

function press(code) {
  const found = [...document.querySelectorAll(`[data-key="${code}"]`)].find(
    (one) => one.checkVisibility() || one.matches("input") || one.closest("details.menu") || "always" in one.dataset,
  );
  if (!found || found.hidden) return false;
  if (found.matches("[name=mode]")) found.checked = false;
  window.htmx?.process(found.form ?? found); // of a part that came this very moment: htmx binds it 20 ms later
  found.click();
  return true;
}

function step(by) {
  const rows = [...document.querySelectorAll(".row__link")];
  const now = rows.indexOf(document.activeElement);
  const current = rows.findIndex((link) => link.parentElement.hasAttribute("aria-current"));
  const next = rows[(now >= 0 ? now : current) + by];
  if (!next) return true;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  if (document.querySelector(".thread--open")) next.click();
  return true;
}

// «G, then a letter» goes to a place of the rail.
let going = 0;
function go(code) {
  const asked = Date.now() - going < 1500;
  going = code === "KeyG" && !asked ? Date.now() : 0;
  const link = asked && document.querySelector(`[data-go="${code}"]`);
  if (link) link.click();
  return Boolean(link) || going > 0;
}

function back() {
  const card = document.querySelector(".side[data-open], .side:target");
  if (card) return document.querySelector("[data-behaviour=card-close]")?.click();
  return document.querySelector(".thread__back")?.checkVisibility() && document.querySelector(".thread__back").click();
}

export default function keys(dialog) {
  const single = dialog.querySelector("[data-single]");
  single.checked = usual();
  single.addEventListener("change", () => localStorage.setItem("otklik.keys", single.checked ? "on" : "off"));
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    const code = event.code;
    let done = false;
    if (event.ctrlKey || event.metaKey) done = code === "KeyZ" && !event.shiftKey && press(code);
    else if (!usual()) return;
    else if (code === "Slash" && event.shiftKey) done = dialog.showModal() ?? true;
    else if (event.shiftKey) return;
    else if (go(code)) done = true;
    else if (code === "KeyJ") done = step(1);
    else if (code === "KeyK") done = step(-1);
    else if (code === "KeyO") done = document.activeElement.matches(".row__link") && (document.activeElement.click() ?? true);
    else if (code === "Escape") back();
    else done = press(code);
    if (done) event.preventDefault();
  });
}
