// Chosen, pasted and dropped files go to the draft at once; a pasted picture gets its place in the words.
export default function upload(form) {
  const mode = form.dataset.mode;
  const input = form.querySelector("input[type=file]");
  const text = form.querySelector("textarea");
  const box = form.closest(".composer") ?? form;

  async function send(files, stand) {
    if (!files.length) return;
    const words = new FormData(form);
    words.delete("files");
    if (stand) words.append("stand", "1");
    for (const file of files) words.append("files", file, named(file));
    input.closest("label").setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`${form.dataset.draft}files/`, {
        method: "POST", body: words, headers: { "HX-Request": "true" },
      });
      const html = await answer.text();
      const target = answer.ok ? `#files-${mode}` : "#notices";
      htmx.swap(target, html, { swapStyle: "innerHTML" });
      const names = (answer.headers.get("X-Standing") ?? "").split(",").filter(Boolean);
      if (names.length) write(names.map((name) => `[${decodeURIComponent(name)}]`).join("\n"));
    } catch {
      htmx.trigger(document.body, "htmx:sendError");
    } finally {
      input.closest("label").removeAttribute("aria-busy");
      input.value = "";
    }
  }

  // Marks of pictures stand on lines of their own, where the cursor is.
  function write(marks) {
    const before = text.value.slice(0, text.selectionStart);
    const start = before && !before.endsWith("\n") ? "\n" : "";
    text.setRangeText(`${start}${marks}\n`, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  form.addEventListener("click", (event) => {
    const mark = event.target.closest("[data-stands]")?.dataset.stands;
    if (!mark || !text.value.includes(mark)) return;
    text.value = text.value.replace(`${mark}\n`, mark).replaceAll(mark, "");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // A pasted picture is always «image.png»: the time tells one from another.
  function named(file) {
    if (file.name !== "image.png") return file.name;
    const now = new Date();
    const two = (number) => String(number).padStart(2, "0");
    return `${input.dataset.pasted} ${two(now.getHours())}-${two(now.getMinutes())}-${two(now.getSeconds())}.png`;
  }

  input.addEventListener("change", () => send([...input.files]));
  text.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    send(files, true);
  });
  form.addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    box.classList.add("composer--drop");
  });
  form.addEventListener("dragleave", () => box.classList.remove("composer--drop"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    box.classList.remove("composer--drop");
    send([...event.dataTransfer.files]);
  });
}
