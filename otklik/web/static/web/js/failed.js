// What a part of the page asked for and we could not do: our fault, with the number that finds it in the log.
export default function failed(bar) {
  document.addEventListener("htmx:afterOnLoad", ({ detail: { xhr } }) => {
    if (xhr.status >= 500) bar.querySelector("[data-number]").textContent = xhr.getResponseHeader("X-Request-Id") ?? "";
    bar.hidden = xhr.status < 500;
  });
}
