// News on the open client's page: told by the live stream when there is one, else asked for every 30 seconds.
const PAUSE_MS = 30_000;
const UNDO_MS = 11_000;

export default function pageNews(element) {
  let mark = element.dataset.mark;
  let asking = false;
  let again = false;

  async function ask() {
    again = asking; // told of something while asking: ask once more
    if (asking || document.hidden) return;
    asking = true;
    try {
      const response = await fetch(`${element.dataset.news}?mark=${mark}`, { credentials: "same-origin" });
      if (response.status === 200) show(new DOMParser().parseFromString(await response.text(), "text/html"));
    } catch {
      // no connection: the next round asks again
    } finally {
      asking = false;
      if (again) ask();
    }
  }

  function show(fresh) {
    const standing = document.getElementById("standing");
    const now = fresh.getElementById("standing");
    if (!standing || !now) return;
    if (standing.contains(document.activeElement)) return; // never take the place of what has focus
    mark = now.dataset.mark;
    standing.replaceChildren(...now.childNodes);
    const talk = document.getElementById("talk");
    for (const message of fresh.querySelectorAll("#talk > .msg")) {
      if (!document.getElementById(message.id)) talk.append(message);
    }
    if (talk.querySelector(".msg")) document.getElementById("no-talk")?.remove();
  }

  function askTwice() {
    ask();
    setTimeout(ask, UNDO_MS); // an answer shows itself when it can't be taken back any more
  }

  setInterval(ask, PAUSE_MS);
  document.addEventListener("visibilitychange", ask);
  if (element.dataset.live) {
    const stream = new EventSource(element.dataset.live);
    for (const word of ["entry", "reset"]) stream.addEventListener(word, askTwice);
    addEventListener("pagehide", () => stream.close(), { once: true });
  }
}
