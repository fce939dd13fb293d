// The bar that says there is no connection.
export default function offline(bar) {
  const show = () => { bar.hidden = navigator.onLine; };
  addEventListener("online", show);
  addEventListener("offline", show);
  document.addEventListener("htmx:sendError", () => { bar.hidden = false; });
  document.addEventListener("htmx:afterOnLoad", () => { bar.hidden = true; });
  show();
}
