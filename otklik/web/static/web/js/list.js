// The list of requests: it never jumps under the pointer. New rows wait in a bar when somebody is at the list.
import { mergeChildren } from "./merge.js";

export default function list(scroller) {
  const bar = document.getElementById("new-rows");
  let pointerInside = false;
  let waiting = null;
  scroller.addEventListener("pointerenter", () => { pointerInside = true; });
  scroller.addEventListener("pointerleave", () => { pointerInside = false; });
  const atWork = () => pointerInside || scroller.scrollTop > 0 || scroller.contains(document.activeElement);

  // Rows that stand already are renewed in their places; places change only when nobody is here.
  scroller.addEventListener("otklik:fresh", (event) => {
    const fresh = event.detail.fragment;
    const rows = fresh.querySelector("#rows");
    const numbers = new Set([...scroller.querySelectorAll(".row")].map((row) => row.id));
    const unknown = [...rows.children].filter((row) => !numbers.has(row.id));
    if (!atWork() || numbers.size === 0) return hold(null, 0);
    event.preventDefault();
    hold(fresh, unknown.length);
    for (const row of [...rows.children]) {
      const old = document.getElementById(row.id);
      if (old && !old.isEqualNode(row) && !old.contains(document.activeElement)) {
        old.replaceWith(row.cloneNode(true));
      }
    }
    htmx.process(scroller);
    markCurrent();
  });

  function hold(fragment, count) {
    waiting = fragment;
    bar.hidden = !count;
    bar.querySelector("[data-count]").textContent = count;
  }

  bar.addEventListener("click", () => {
    if (!waiting) return;
    for (const id of ["rows", "list-end"]) {
      const fresh = waiting.querySelector(`#${id}`);
      if (fresh) mergeChildren(document.getElementById(id), fresh);
    }
    htmx.process(scroller);
    scroller.scrollTop = 0;
    hold(null, 0);
    markCurrent();
  });

  function markCurrent() {
    const number = document.querySelector("#main[data-number]")?.dataset.number;
    for (const row of scroller.querySelectorAll(".row[aria-current]")) {
      if (row.dataset.number !== number) row.removeAttribute("aria-current");
    }
    scroller.querySelector(`#row-${number}`)?.setAttribute("aria-current", "true");
  }

  document.body.addEventListener("htmx:configRequest", (event) => {
    const number = document.querySelector("#main[data-number]")?.dataset.number;
    if (event.detail.elt === scroller && number) event.detail.parameters.current = number;
  });
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id === "work") markCurrent();
  });
  scroller.addEventListener("otklik:merged", markCurrent);

  const place = `otklik.scroll${location.search}`;
  const kept = Number(sessionStorage.getItem(place));
  if (kept) scroller.scrollTop = kept;
  addEventListener("pagehide", () => sessionStorage.setItem(place, scroller.scrollTop));
}
