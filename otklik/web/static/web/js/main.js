// Binds behaviours: <div data-behaviour="menu notice"> gets ./menu.js and ./notice.js, also after a swap.
const loaded = new Map();
const bound = new WeakMap();

function load(name) {
  if (!loaded.has(name)) loaded.set(name, import(`./${name}.js`));
  return loaded.get(name);
}

async function bind(element, name) {
  const done = bound.get(element) ?? new Set();
  if (done.has(name)) return;
  bound.set(element, done.add(name));
  try {
    (await load(name)).default(element);
  } catch (fault) {
    console.error(`behaviour ${name}`, fault);
  }
}

function bindAll(root) {
  const elements = root.querySelectorAll ? [root, ...root.querySelectorAll("[data-behaviour]")] : [];
  const names = (element) => (element.dataset?.behaviour ?? "").split(" ").filter(Boolean);
  return Promise.all(elements.flatMap((element) => names(element).map((name) => bind(element, name))));
}

bindAll(document.body).then(() => { document.documentElement.dataset.ready = ""; });
document.addEventListener("htmx:load", (event) => bindAll(event.target));
