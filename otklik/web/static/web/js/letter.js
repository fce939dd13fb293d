// The frame of a letter takes its own height; «Показать картинки» loads it anew with remote pictures.
export default function letter(box) {
  const frame = box.querySelector("iframe");
  const fit = () => {
    const page = frame.contentDocument?.documentElement;
    if (page) frame.style.blockSize = `${Math.min(page.scrollHeight + 4, 1600)}px`;
  };
  frame.addEventListener("load", fit);
  box.querySelector("[data-pictures]")?.addEventListener("click", (event) => {
    event.preventDefault();
    frame.src = event.currentTarget.href;
    event.currentTarget.hidden = true;
  });
  fit();
}
