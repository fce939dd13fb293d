// Before the first paint: what this browser remembers of the page's shape. Plain script, no module.
(() => {
  const root = document.documentElement;
  const recall = (name) => { try { return localStorage.getItem(`otklik.${name}`); } catch { return null; } };
  const width = Number(recall("list"));
  if (width >= 300 && width <= 480) root.style.setProperty("--list", `${width / 16}rem`);
  for (const [name, kept] of [["density", "density"], ["card", "card"], ["list", "list-fold"]]) {
    const value = recall(kept);
    if (value) root.dataset[name] = value;
  }
})();
