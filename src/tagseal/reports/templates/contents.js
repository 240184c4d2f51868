"use strict";
// Search, filters and keys of a contents report. The page says everything without this script.
// Nothing here makes markup from text: it hides, opens and focuses what the page already has.
(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const one = (selector, root = document) => root.querySelector(selector);
  document.documentElement.classList.add("js");
  for (const element of all("[data-js]")) element.hidden = false;

  // Rows: each knows its path, its folder and its line.
  const rows = [];
  const rowOf = new Map();
  const collect = (list, above, prefix) => {
    for (const item of list.children) {
      const line = one(":scope > .line, :scope > details > .line", item);
      const name = one(":scope > .path", line);
      const path = prefix + (name ? name.textContent : "");
      const isFolder = item.classList.contains("d");
      const row = {
        item, line, above, isFolder,
        details: one(":scope > details", item),
        path: path.toLowerCase(),
        standing: item.dataset.s, class: item.dataset.c,
        rule: item.dataset.r, flags: item.dataset.f || "",
        wasOpen: false,
      };
      rows.push(row);
      rowOf.set(line, row);
      rowOf.set(item, row);
      if (isFolder) collect(one(":scope > details > ul", item), row, path + "/");
    }
  };
  for (const tree of all(".tree")) collect(tree, null, "");

  // Filters.
  const form = one("#filters");
  const query = one("#q");
  const shown = one("#shown");
  const rule = one("#rule");
  const checked = (name) => new Set(all(`input[name="${name}"]`, form).filter((i) => i.checked).map((i) => i.value));
  let isFiltered = false;

  const filter = () => {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const standings = checked("s"), classes = checked("c"), flags = checked("f");
    const wanted = rule ? rule.value : "";
    const active = words.length > 0 || flags.size > 0 || wanted !== "" ||
      standings.size < all('input[name="s"]', form).length || classes.size < all('input[name="c"]', form).length;
    if (active && !isFiltered) for (const row of rows) row.wasOpen = row.details ? row.details.open : false;
    const visible = new Set();
    let files = 0;
    for (const row of rows) {
      if (row.isFolder) continue;
      const fits = standings.has(row.standing) && classes.has(row.class) &&
        (wanted === "" || row.rule === wanted) &&
        Array.from(flags).every((flag) => row.flags.includes(flag)) &&
        words.every((word) => row.path.includes(word));
      row.item.hidden = !fits;
      if (!fits) continue;
      files += 1;
      for (let above = row.above; above && !visible.has(above); above = above.above) visible.add(above);
    }
    for (const row of rows) {
      if (!row.isFolder) continue;
      row.item.hidden = !visible.has(row);
      if (active) row.details.open = visible.has(row);
      else if (isFiltered) row.details.open = row.wasOpen;
    }
    isFiltered = active;
    const count = rows.filter((row) => !row.isFolder).length;
    shown.textContent = active ? `${files} of ${count} rows fit` : `${count} rows`;
  };
  let timer = 0;
  query.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(filter, 80); });
  form.addEventListener("change", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter, 0));
  for (const button of all(".pick-rule")) {
    button.addEventListener("click", () => {
      form.reset();
      rule.value = button.dataset.rule;
      filter();
      one("#files-title").scrollIntoView();
      focus(visibleRows()[0]);
    });
  }
  const setFolders = (open) => { for (const row of rows) if (row.isFolder) row.details.open = open; };
  one("#expand").addEventListener("click", () => setFolders(true));
  one("#collapse").addEventListener("click", () => setFolders(false));

  // Moving through rows.
  const isVisible = (row) => {
    if (row.item.hidden) return false;
    for (let above = row.above; above; above = above.above) if (!above.details.open || above.item.hidden) return false;
    return true;
  };
  const visibleRows = () => rows.filter(isVisible);
  const focus = (row) => {
    if (!row) return;
    row.line.focus();
    row.line.scrollIntoView({ block: "nearest" });
  };
  const reveal = (row) => {
    for (let above = row.above; above; above = above.above) above.details.open = true;
    if (row.details && !row.isFolder) row.details.open = true;
    row.line.scrollIntoView({ block: "center" });
    row.line.focus({ preventScroll: true });
  };
  const step = (row, by) => {
    const list = visibleRows();
    focus(list[list.indexOf(row) + by]);
  };
  const treeKeys = {
    ArrowDown: (row) => step(row, 1),
    ArrowUp: (row) => step(row, -1),
    Home: () => focus(visibleRows()[0]),
    End: () => focus(visibleRows().at(-1)),
    ArrowRight: (row) => { if (row.details && !row.details.open) row.details.open = true; else if (row.isFolder) step(row, 1); },
    ArrowLeft: (row) => { if (row.details && row.details.open) row.details.open = false; else focus(row.above); },
  };

  // The treemap: one cell is in the order of the Tab key, arrows go to the nearest one.
  const map = one("#map");
  const cells = map ? all(".cell", map) : [];
  const note = one("#map-note");
  const centre = (cell) => {
    const box = one("rect", cell);
    const n = (name) => Number(box.getAttribute(name));
    return { x: n("x") + n("width") / 2, y: n("y") + n("height") / 2 };
  };
  let current = null;
  const enter = (cell) => {
    if (current) current.setAttribute("tabindex", "-1");
    current = cell;
    cell.setAttribute("tabindex", "0");
  };
  const tell = (cell) => { note.textContent = one("title", cell).textContent; };
  const directions = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const nearest = (cell, [dx, dy]) => {
    const from = centre(cell);
    let best = null, least = Infinity;
    for (const other of cells) {
      const to = centre(other);
      const along = (to.x - from.x) * dx + (to.y - from.y) * dy;
      const aside = Math.abs((to.x - from.x) * dy) + Math.abs((to.y - from.y) * dx);
      if (along <= 0.5) continue;
      const distance = along + 2.5 * aside;
      if (distance < least) { least = distance; best = other; }
    }
    return best;
  };
  if (map && cells.length) {
    enter(one(".cell.s3", map) || cells[0]);
    map.addEventListener("focusin", (event) => {
      const cell = event.target.closest(".cell");
      if (cell) { enter(cell); tell(cell); }
    });
    map.addEventListener("mouseover", (event) => {
      const cell = event.target.closest(".cell");
      if (cell) tell(cell);
    });
    map.addEventListener("keydown", (event) => {
      const direction = directions[event.key];
      const cell = event.target.closest(".cell");
      if (!direction || !cell || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      const next = nearest(cell, direction);
      if (next) next.focus();
    });
  }

  // Links to cards open them.
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#u"]');
    const card = link && document.getElementById(link.getAttribute("href").slice(1));
    if (card && card.matches("details")) card.open = true;
  });

  // Links to rows open what the row is in, even where a filter hides it.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    const target = link && (link.getAttribute("href") || "");
    const row = target && target.startsWith("#r") && rowOf.get(document.getElementById(target.slice(1)));
    if (!row) return;
    event.preventDefault();
    if (!isVisible(row) && isFiltered) { form.reset(); filter(); }
    history.replaceState(null, "", target);
    reveal(row);
  });

  // Keys. A letter is a shortcut only where nothing is being written, and only if wanted.
  const unexplained = () => all("#unexplained .card");
  const go = (by) => {
    const list = unexplained();
    if (!list.length) return;
    const here = list.indexOf(document.activeElement.closest(".card"));
    const next = list[here < 0 ? (by > 0 ? 0 : list.length - 1) : (here + by + list.length) % list.length];
    next.open = true;
    one("summary", next).focus({ preventScroll: true });
    next.scrollIntoView({ block: "start" });
  };
  const letters = {
    "/": () => { query.focus(); query.select(); },
    n: () => go(1),
    p: () => go(-1),
    m: () => { if (current) { map.scrollIntoView({ block: "center" }); current.focus({ preventScroll: true }); } },
    f: () => focus(visibleRows()[0]),
    e: () => setFolders(true),
    c: () => setFolders(false),
    "?": () => { const keys = one("#keys"); keys.open = true; one("summary", keys).focus(); },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") {
      if (isFiltered || query.value) { form.reset(); filter(); } else if (event.target === query) query.blur();
      return;
    }
    if (event.target.matches("input, select, textarea") && !event.target.matches('[type="checkbox"], [type="radio"]')) return;
    const row = rowOf.get(event.target);
    const act = row && treeKeys[event.key];
    if (act) { event.preventDefault(); act(row); return; }
    const letter = letters[event.key];
    if (letter && one("#single").checked) { event.preventDefault(); letter(); }
  });

  // On paper everything that differs is open; what is identical stays as it is.
  let opened = [];
  const differing = ".row.f:not([data-s='0']), .row.f:not([data-c='0'])";
  addEventListener("beforeprint", () => {
    opened = [
      ...all(".card:not([open]), .row.f > details:not([open])"),
      ...all(".row.d > details:not([open])").filter((folder) => one(differing, folder)),
    ];
    for (const element of opened) element.open = true;
  });
  addEventListener("afterprint", () => { for (const element of opened) element.open = false; });
  filter();
})();
