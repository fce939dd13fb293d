// «Открыть ещё раз»: the same address once more.
export default function again(link) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    location.reload();
  });
}
