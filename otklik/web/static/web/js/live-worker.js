// One stream for all tabs of this browser. A tab that has gone is found by the first message it does not take.
import { connect } from "./live-stream.js";

const ports = new Set();
let who = null;
let stop = null;
let alive = false;

function tell(message) {
  if ("alive" in message) alive = message.alive;
  for (const port of ports) port.postMessage(message);
}

self.addEventListener("connect", (event) => {
  const port = event.ports[0];
  ports.add(port);
  port.onmessage = ({ data }) => {
    if (data.gone) ports.delete(port);
    else if (data.user !== who) {
      // somebody else has signed in: a stream of their own
      stop?.();
      alive = false;
      who = data.user;
      stop = connect(tell);
    } else port.postMessage({ alive });
  };
});
