// The list of requests: it never jumps under the pointer. New rows wait in a bar while somebody is at the list.
import { mergeFragment } from "./merge.js";

export default function list(section) {
  const scroller = section.querySelector("#list-scroll");
  const bar = section.querySelector("#new-rows");
  let pointerInside = false;
  let waiting = null;
  const atWork = () => pointerInside || scroller.scrollTop > 0;
  const known = (row) => section.querySelector(`#${row.id}`);

  // Rows that stand already are renewed in their places; places change only when nobody is here.
  section.addEventListener("otklik:fresh", (event) => {
    const fresh = event.detail.fragment;
    const rows = [...fresh.querySelectorAll("#rows > .row")];
    if (!atWork() || !section.querySelector(".row")) return hold(null, 0);
    event.preventDefault();
    hold(fresh, rows.filter((row) => !known(row)).length);
    for (const row of rows) {
      const old = known(row);
      if (old && !old.isEqualNode(row) && !old.contains(document.activeElement)) old.replaceWith(row.cloneNode(true));
    }
    htmx.process(scroller);
    return markCurrent();
  });

  function hold(fragment, count) {
    waiting = fragment;
    bar.hidden = !count;
    bar.querySelector("[data-count]").textContent = count;
  }

  function show() {
    if (!waiting) return;
    const focused = document.activeElement?.id;
    mergeFragment(waiting);
    htmx.process(scroller);
    if (focused && document.activeElement.id !== focused) document.getElementById(focused)?.focus();
    hold(null, 0);
    markCurrent();
  }

  function markCurrent() {
    const number = document.querySelector("#main[data-number]")?.dataset.number;
    for (const row of scroller.querySelectorAll(".row[aria-current]")) {
      if (row.dataset.number !== number) row.removeAttribute("aria-current");
    }
    scroller.querySelector(`#row-${number}`)?.setAttribute("aria-current", "true");
  }

  bar.addEventListener("click", () => {
    show();
    scroller.scrollTop = 0;
  });
  scroller.addEventListener("pointerenter", () => { pointerInside = true; });
  scroller.addEventListener("pointerleave", () => {
    pointerInside = false;
    if (!atWork()) show();
  });
  section.addEventListener("otklik:merged", markCurrent);
  document.body.addEventListener("htmx:configRequest", (event) => {
    const number = document.querySelector("#main[data-number]")?.dataset.number;
    if (event.detail.elt === section && number) event.detail.parameters.current = number;
  });
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id === "work") markCurrent();
  });

  // An answer was sent and its writer wants to go on: to the row below the open one, else to the list.
  document.body.addEventListener("otklik:onward", (event) => {
    const rows = [...scroller.querySelectorAll(".row")];
    const below = rows[rows.findIndex((row) => row.hasAttribute("aria-current")) + 1];
    const link = event.detail.value === "next" && below?.querySelector(".row__link");
    (link || document.getElementById("to-list")).click();
  });

  const place = `otklik.scroll${location.search}`;
  const kept = Number(sessionStorage.getItem(place));
  if (kept) scroller.scrollTop = kept;
  addEventListener("pagehide", () => sessionStorage.setItem(place, scroller.scrollTop));
}
