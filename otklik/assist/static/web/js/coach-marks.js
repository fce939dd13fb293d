// Underlines words of a plain text field: a copy of its text lies behind it, invisible but for the lines. They move
// with what is typed and scrolled; words that are changed lose their line at once.
const MOST = 20000; // characters: beyond, the list alone shows what was found
const LOOKS = ["error", "warning", "hint", "promise"];

export default function marks(text, behind) {
  let shown = []; // {start, end, look, key}
  let was = text.value;
  let now = "";

  function set(words) {
    shown = words ? words.split(";").map(read) : [];
    was = text.value;
    paint();
  }

  function read(words) {
    const [start, end, look, ...key] = words.split(",");
    return { start: Number(start), end: Number(end), look, key: key.join(",") };
  }

  // After a key: what stands before the change stays, what stands behind it moves, what it touches goes.
  function shift() {
    const words = text.value;
    const most = Math.min(was.length, words.length);
    let head = 0;
    while (head < most && was[head] === words[head]) head += 1;
    let tail = 0;
    while (tail < most - head && was[was.length - 1 - tail] === words[words.length - 1 - tail]) tail += 1;
    const by = words.length - was.length;
    const behindIt = was.length - tail;
    shown = shown.flatMap((one) => {
      if (one.end <= head) return [one];
      if (one.start >= behindIt) return [{ ...one, start: one.start + by, end: one.end + by }];
      return one.look === "promise" && one.start <= head && one.end >= behindIt ? [{ ...one, end: one.end + by }] : [];
    });
    was = words;
    paint();
  }

  function paint() {
    const words = text.value;
    const parts = [];
    if (shown.length && words.length <= MOST) {
      const edges = [...new Set([0, words.length, ...shown.flatMap((one) => [one.start, one.end])])].sort((a, b) => a - b);
      edges.slice(0, -1).forEach((from, at) => parts.push(piece(words, from, edges[at + 1])));
      parts.push("\u200b"); // a last empty line has its height
    }
    behind.replaceChildren(...parts);
    follow();
  }

  function piece(words, from, to) {
    const over = shown.filter((one) => one.start <= from && one.end >= to);
    const said = words.slice(from, to);
    if (!over.length) return said;
    const mark = document.createElement("mark");
    const heaviest = over.reduce((a, b) => (LOOKS.indexOf(b.look) < LOOKS.indexOf(a.look) ? b : a));
    mark.className = `found found--${heaviest.look}${over.some((one) => one.key === now) ? " found--now" : ""}`;
    mark.textContent = said;
    return mark;
  }

  function follow() {
    behind.style.inlineSize = `${text.clientWidth}px`;
    behind.style.blockSize = `${text.clientHeight}px`;
    behind.scrollTop = text.scrollTop;
  }

  text.addEventListener("scroll", follow, { passive: true });
  new ResizeObserver(follow).observe(text);

  return {
    set,
    shift,
    // Where the words of a card stand now; null when they were changed.
    place: (key, start) => {
      const mine = shown.filter((one) => one.key === key);
      return mine.reduce((a, b) => (a && Math.abs(a.start - start) <= Math.abs(b.start - start) ? a : b), null);
    },
    look: (key) => { now = key; paint(); },
  };
}
