// The live stream itself: a ticket is asked for, a stream is opened, both again when they end.
const PAUSES = [1000, 2000, 5000, 15000, 30000];

// `hear` is given each message and the id to go on from; `from` is such an id, or nothing for "from now on".
export function connect(hear, from = "") {
  let source = null;
  let last = from;
  let failures = 0;
  let stopped = false;
  const tell = (message) => hear(message, last);

  async function open() {
    if (stopped) return;
    try {
      const answer = await fetch("/live-ticket/", { credentials: "same-origin", redirect: "error" });
      if (!answer.ok) throw new Error(`ticket: ${answer.status}`);
      const { url } = await answer.json();
      listen(last ? `${url}&last=${encodeURIComponent(last)}` : url);
    } catch {
      retry();
    }
  }

  function listen(url) {
    if (stopped) return;
    source = new EventSource(url);
    source.addEventListener("ready", (event) => {
      last = event.lastEventId || last;
      failures = 0;
      tell({ alive: true });
    });
    source.addEventListener("entry", (event) => {
      last = event.lastEventId || last;
      tell(JSON.parse(event.data));
    });
    source.addEventListener("presence", (event) => tell({ presence: JSON.parse(event.data) }));
    source.addEventListener("reset", () => tell({ reset: true }));
    source.addEventListener("error", () => {
      tell({ alive: false });
      // the browser comes back by itself, except when the answer was a refusal: the ticket is old
      if (source.readyState === EventSource.CLOSED) retry();
    });
  }

  function retry() {
    tell({ alive: false });
    setTimeout(open, PAUSES[Math.min(failures++, PAUSES.length - 1)]);
  }

  open();
  return () => {
    stopped = true;
    source?.close();
  };
}
