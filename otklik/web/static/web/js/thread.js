// The talk: a new message is appended while the reader's place stays; a button leads down to it.
export default function thread(main) {
  const body = () => main.querySelector("#thread-body");
  const button = main.querySelector("#newer");
  const atEnd = () => Math.abs(body().scrollTop) < 48;
  let wasAtEnd = true;
  let place = 0;

  main.addEventListener("otklik:fresh", () => {
    wasAtEnd = atEnd();
    place = body().scrollHeight + body().scrollTop;
  });
  main.addEventListener("otklik:merged", (event) => {
    seen();
    const messages = event.detail.added.filter((one) => one.matches?.(".msg--client, .msg--vendor"));
    if (wasAtEnd) {
      body().scrollTop = 0;
      return;
    }
    body().scrollTop = place - body().scrollHeight;
    if (messages.length) {
      const composer = main.querySelector("#composer");
      main.style.setProperty("--newer", `${(composer?.offsetHeight ?? 200) + 24}px`);
      button.hidden = false;
    }
  });
  // Nothing typed yet: what has just come is seen, an answer to it overtakes nobody.
  function seen() {
    const latest = Math.max(0, ...[...main.querySelectorAll("[id^=message-]")].map((one) => Number(one.id.slice(8))));
    for (const form of main.querySelectorAll(".composer__form")) {
      const field = form.querySelector("[name=seen]");
      if (field && !form.querySelector("textarea").value.trim()) field.value = Math.max(latest, Number(field.value));
    }
  }

  main.addEventListener("scroll", (event) => {
    if (event.target === body() && atEnd()) button.hidden = true;
  }, true);
  button.addEventListener("click", () => {
    body().scrollTo({ top: 0, behavior: "smooth" });
    button.hidden = true;
  });
}
