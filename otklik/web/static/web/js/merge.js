// htmx swap "merge": takes over what the server drew anew, by ids, without touching what a person is using.
// Parts with the same id and the same HTML stay; a part with focus, an open menu or a form on its way stays until the
// next look: htmx finds no place for the answer to a form that has left the page.
const busy = (element) =>
  element.contains(document.activeElement) && document.activeElement !== document.body
  || element.matches(".htmx-request") || element.querySelector(".htmx-request") !== null
  || element.querySelector("details.menu[open]") !== null
  || (element.matches("details[open]") || element.querySelector("details[open]") !== null);

// Whether something was left as it is though it came anew: the next look must bring it again, not «nothing new».
let isHeld = false;
const stays = (element) => {
  isHeld ||= busy(element);
  return busy(element);
};

export function mergeChildren(old, fresh) {
  const added = [];
  let place = old.id === "column" ? keepAbove(old, fresh) : old.firstElementChild;
  for (const next of [...fresh.children]) {
    const same = next.id ? document.getElementById(next.id) : null;
    if (!same || !old.contains(same)) {
      old.insertBefore(next, place);
      added.push(next);
      continue;
    }
    if (same !== place) old.insertBefore(same, place);
    const kept = same.isEqualNode(next) || stays(same) ? same : replaced(same, next);
    place = kept.nextElementSibling;
  }
  while (place) {
    const gone = place;
    place = place.nextElementSibling;
    if (!stays(gone)) gone.remove();
  }
  return added;
}

// The talk's last page moves on as messages come; what the reader has above its first message stays as it is.
function keepAbove(old, fresh) {
  const isShown = (one) => one.id !== "earlier" && one.id && old.querySelector(`:scope > #${one.id}`);
  const first = [...fresh.children].find(isShown);
  if (!first) return old.firstElementChild;
  while (fresh.firstElementChild !== first) fresh.firstElementChild.remove();
  return isShown(first);
}

function replaced(old, next) {
  old.replaceWith(next);
  return next;
}

// Containers whose children are merged one by one; anything else is replaced as a whole.
const DEEP = new Set(["thread-body", "column", "rows"]);

function mergePart(part, added) {
  const old = part.id ? document.getElementById(part.id) : null;
  if (!old) return;
  if (!DEEP.has(part.id)) {
    if (!old.isEqualNode(part) && !stays(old)) added.push(replaced(old, part));
  } else if (part.id === "thread-body") {
    for (const child of [...part.children]) mergePart(child, added);
  } else {
    added.push(...mergeChildren(old, part));
  }
}

export function mergeFragment(fragment) {
  const added = [];
  for (const part of [...fragment.children]) mergePart(part, added);
  return added;
}

htmx.defineExtension("merge", {
  isInlineSwap: (style) => style === "merge",
  handleSwap(style, target, fragment) {
    if (style !== "merge") return false;
    const verdict = new CustomEvent("otklik:fresh", { detail: { fragment }, bubbles: true, cancelable: true });
    if (!target.dispatchEvent(verdict)) return [];
    isHeld = false;
    const added = mergeFragment(fragment);
    if (isHeld) delete target.dataset.version;
    target.dispatchEvent(new CustomEvent("otklik:merged", { detail: { added }, bubbles: true }));
    return added;
  },
  onEvent(name, event) {
    const element = event.detail?.elt;
    if (name === "htmx:configRequest" && element?.dataset.version) {
      event.detail.parameters.version = element.dataset.version;
    }
    if (name === "htmx:beforeSwap" && element?.getAttribute("hx-swap") === "merge") {
      const version = event.detail.xhr.getResponseHeader("X-Version");
      if (version) element.dataset.version = version;
    }
    return true;
  },
});
