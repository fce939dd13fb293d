// Closes the card that lies over the thread; focus goes back to where it was opened from.
export default function cardClose(link) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById("card").removeAttribute("data-open");
    if (location.hash === "#card") history.replaceState(null, "", location.pathname + location.search);
    document.querySelector(".thread__card")?.focus();
  });
}
