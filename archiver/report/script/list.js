// The list: filtered, searched, and drawn as far as it is seen.
let visible = [];
let at = -1; // The place of the open seed in what is visible.
let current = null; // The open seed: { number, seed }.
const list = byId("list");
const takes = (number, words) => {
  const row = rows[number];
  return (filter.state === "all" || row[STATE] === filter.state)
    && (filter.field === null || row[FIELDS].includes(filter.field))
    && (filter.host === null || row[HOST] === filter.host)
    && words.every((word) => haystack(number).includes(word));
};
const refilter = (keep = false) => {
  const words = filter.words.toLowerCase().split(/\s+/).filter(Boolean);
  visible = order.filter((number) => takes(number, words));
  drawChips();
  list.scrollTop = 0;
  const place = keep && current ? visible.indexOf(current.number) : -1;
  if (!visible.length) {
    at = -1;
    current = null;
    drawList();
    byId("seed").replaceChildren(make("p", { class: "none" }, head.seeds ? "No seed is like that." : "This run had no seed."));
    drawActions();
  } else show(place < 0 ? 0 : place, false);
  say(count(visible.length, "seed"));
};
const drawList = () => {
  const first = Math.max(0, Math.floor(list.scrollTop / ROW_PIXELS) - ROWS_AROUND);
  const last = Math.min(visible.length, Math.ceil((list.scrollTop + list.clientHeight) / ROW_PIXELS) + ROWS_AROUND);
  const spacer = make("div", {});
  spacer.style.height = `${visible.length * ROW_PIXELS}px`;
  const drawn = [];
  for (let place = first; place < last; place += 1) drawn.push(drawRow(place));
  list.replaceChildren(spacer, ...drawn, ...(visible.length ? [] : [make("p", { class: "none" }, "No seed is like that.")]));
  list.setAttribute("aria-activedescendant", at >= first && at < last ? `row-${at}` : "");
};
const drawRow = (place) => {
  const number = visible[place];
  const row = rows[number];
  const element = make("div", {
    class: `row ${row[STATE]}${isDone(number) ? " done" : ""}`, role: "option", id: `row-${place}`, "aria-selected": String(place === at),
    "aria-setsize": visible.length, "aria-posinset": place + 1,
    click: () => { show(place); document.body.classList.add("reading"); },
  },
  make("div", { class: "row-title", dir: "auto" }, row[TITLE]),
  make("div", { class: "row-place" }, `${row[HOST] || "no address"} · ${row[SEED]}`),
  make("div", { class: "row-why" }, row[REASON]));
  element.style.top = `${place * ROW_PIXELS}px`;
  return element;
};
const show = async (place, scroll = true) => {
  at = Math.max(0, Math.min(place, visible.length - 1));
  const number = visible[at];
  if (scroll) {
    const top = at * ROW_PIXELS;
    if (top < list.scrollTop) list.scrollTop = top;
    else if (top + ROW_PIXELS > list.scrollTop + list.clientHeight) list.scrollTop = top + ROW_PIXELS - list.clientHeight;
  }
  drawList();
  const seed = await detailOf(number);
  if (visible[at] !== number) return;
  current = { number, seed };
  if (!seedStates.has(number)) seedStates.set(number, (seed.proposed ?? []).map((change) => change.field));
  drawSeed();
  byId("seed").scrollTop = 0;
};
const openSeed = (number) => {
  let place = visible.indexOf(number);
  if (place < 0) {
    Object.assign(filter, { state: "all", field: null, host: null, words: "" });
    byId("search").value = "";
    visible = order;
    drawChips();
    place = visible.indexOf(number);
  }
  return show(place);
};
const step = (by) => {
  if (!visible.length) return;
  if (at + by >= visible.length) return say("That was the last one.");
  if (at + by < 0) return say("That is the first one.");
  show(at + by);
};
