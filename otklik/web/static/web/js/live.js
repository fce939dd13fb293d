// What happens elsewhere shows here: list and thread look again. One stream for all tabs; polling while it is away.
import { connect } from "./live-stream.js";

const GAP = 1000; // at most one look a second, however much happens
const POLL = 30000;
const CLOCKS = 60000; // the list's clocks go on without any event

export default function live() {
  const user = document.documentElement.dataset.user;
  let alive = false;
  const look = { "otklik:list": { at: 0, timer: 0 }, "otklik:thread": { at: 0, timer: 0 }, "otklik:card": { at: 0, timer: 0 }, "otklik:alerts": { at: 0, timer: 0 } };

  function refresh(name) {
    const one = look[name];
    if (one.timer) return;
    const wait = Math.max(0, one.at + GAP - Date.now());
    one.timer = setTimeout(() => {
      one.timer = 0;
      if (document.hidden) { one.missed = true; return; }
      one.at = Date.now();
      htmx.trigger(document.body, name);
    }, wait);
  }

  const refreshAll = () => ["otklik:list", "otklik:thread", "otklik:alerts"].forEach(refresh);

  function hear(message) {
    if ("alive" in message) {
      if (message.alive && !alive) refreshAll();
      alive = message.alive;
    } else if (message.reset) {
      refreshAll();
    } else if (message.word?.startsWith("alert.")) {
      refresh("otklik:alerts"); // nothing of the request itself has changed
    } else if (message.ticket) {
      refresh("otklik:list");
      const here = document.querySelector("#main[data-ticket]")?.dataset.ticket;
      if (String(message.ticket) !== here) return tell(message);
      refresh("otklik:thread");
      if (/^(promise|news)\./.test(message.word)) refresh("otklik:card");
    }
    tell(message);
  }

  const tell = (message) => document.body.dispatchEvent(new CustomEvent("otklik:live", { detail: message }));

  function throughWorker() {
    const worker = new SharedWorker(new URL("./live-worker.js", import.meta.url), { type: "module", name: "otklik" });
    worker.port.onmessage = ({ data }) => hear(data);
    worker.port.postMessage({ user });
    addEventListener("pagehide", () => worker.port.postMessage({ gone: true }));
    addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  }

  // Without shared workers (some phones) the tab that holds the lock leads, the others listen to it. Whoever takes
  // the lead goes on from the last entry that the one before told of: what happened in between is told too.
  function throughLeader() {
    const channel = new BroadcastChannel(`otklik-live-${user}`);
    let leads = false;
    let last = "";
    channel.onmessage = ({ data }) => {
      if (data.asks) { if (leads) channel.postMessage({ message: { alive }, last }); return; }
      last = data.last || last;
      hear(data.message);
    };
    const share = (message, at) => {
      last = at;
      hear(message);
      channel.postMessage({ message, last });
    };
    const lead = () => {
      leads = true;
      share({ alive: false }, last);
      connect(share, last);
    };
    if (navigator.locks) navigator.locks.request(`otklik-live-${user}`, () => { lead(); return new Promise(() => {}); });
    else lead();
    channel.postMessage({ asks: true });
  }

  if ("SharedWorker" in window) throughWorker();
  else throughLeader();

  setInterval(() => { if (!alive) refreshAll(); }, POLL);
  setInterval(() => { if (alive) refresh("otklik:list"); }, CLOCKS);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    for (const [name, one] of Object.entries(look)) if (one.missed) { one.missed = false; refresh(name); }
  });
}
