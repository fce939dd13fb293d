// «Борис пишет…» at an open request. A newcomer says so once, those who are here answer; alone nobody sends anything.
const SETTLE = 1500; // who leafs through the list is not here yet
const WRITES = 5000; // at most one signal in so long while typing
const LOOKS = 30000;
const FADES = 12000; // no signal of writing for so long: they only look
const GONE = 75000;

export default function presence(line) {
  const main = line.closest("main");
  const me = Number(document.documentElement.dataset.user);
  const others = new Map(); // by person: name, heard, wrote
  const ended = new AbortController();
  const on = (target, name, heard) => target.addEventListener(name, heard, { signal: ended.signal });
  let told = 0; // our last signal, and the last that said we write
  let toldWriting = 0;
  let wrote = 0;
  let came = false;

  function send(doing) {
    told = Date.now();
    if (doing === "writes") toldWriting = told;
    const body = new FormData();
    body.set("doing", doing);
    body.set("csrfmiddlewaretoken", main.querySelector("[name=csrfmiddlewaretoken]").value);
    fetch(line.dataset.url, { method: "POST", body, keepalive: true }).catch(() => {});
  }

  const saying = () => send(Date.now() - wrote < WRITES ? "writes" : "looks");
  const enter = () => {
    if (document.hidden || came || !line.isConnected) return;
    came = true;
    send("came");
  };
  const leave = () => {
    if (came && others.size) send("gone");
    came = false;
    others.clear();
    show();
  };

  function show() {
    const now = Date.now();
    for (const [who, one] of others) if (now - one.heard > GONE) others.delete(who);
    const all = [...others.values()];
    const said = (people, one, many) => (people.length
      ? line.dataset[people.length > 1 ? many : one].replace("{name}", people.map((person) => person.name).join(", ")) : "");
    const words = [
      said(all.filter((one) => now - one.wrote < FADES), "writes", "write"),
      said(all.filter((one) => now - one.wrote >= FADES), "looks", "look"),
    ].filter(Boolean).join(" · ");
    if (line.lastElementChild.textContent !== words) line.lastElementChild.textContent = words;
    line.hidden = !words;
  }

  on(document.body, "otklik:live", ({ detail }) => {
    const heard = detail.presence;
    if (!heard || heard.user === me || String(heard.ticket) !== main.dataset.ticket) return;
    if (heard.doing === "gone") others.delete(heard.user);
    else {
      const before = others.get(heard.user);
      const now = Date.now();
      others.set(heard.user, { name: heard.name, heard: now, wrote: heard.doing === "writes" ? now : before?.wrote ?? 0 });
      if (heard.doing === "came" && came) setTimeout(saying, Math.random() * 500);
    }
    show();
  });
  on(main, "input", (event) => {
    if (!event.target.matches("textarea")) return;
    wrote = Date.now();
    if (others.size && wrote - toldWriting > WRITES) send("writes");
  });
  on(document, "visibilitychange", () => (document.hidden ? leave() : enter()));
  on(window, "pagehide", leave);
  on(document.body, "htmx:beforeSwap", (event) => {
    if (event.detail.target?.contains(main)) leave();
  });

  setTimeout(enter, SETTLE);
  const timer = setInterval(() => {
    if (!line.isConnected) {
      clearInterval(timer);
      ended.abort();
    } else if (others.size) {
      if (came && Date.now() - told > LOOKS) saying();
      show();
    }
  }, 1000);
}
