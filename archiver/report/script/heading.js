// The head of the page: counts, past runs, filters.
const stateWords = {
  ask: "Needs a person", missed: "Missed", written: head.dry_run ? "Ready" : "Written", quiet: "Unchanged",
};
const bars = (width, height) => {
  const runs = head.history;
  const most = Math.max(1, ...runs.map(([, , written, missed, ask]) => written + missed + ask));
  const step = Math.min(22, width / Math.max(runs.length, 8));
  const drawing = shape("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": "Past runs" });
  runs.forEach(([name, started, written, missed, ask], place) => {
    let bottom = height - 3;
    const column = shape("g", {});
    column.append(shape("title", {}, `${moment(started)}: ${written} written, ${missed} missed, ${ask} for a person`));
    for (const [kind, amount] of [["written", written], ["missed", missed], ["ask", ask]]) {
      const size = amount && Math.max(1.5, (amount / most) * (height - 6));
      bottom -= size;
      if (size) column.append(shape("rect", { class: `bar-${kind}`, x: place * step, y: Math.max(0, bottom), width: Math.max(1, step - 2), height: size }));
    }
    const own = place === runs.length - 1 ? "bar-now" : "bar-none";
    column.append(shape("rect", { class: own, x: place * step, y: height - 2, width: Math.max(1, step - 2), height: 2 }));
    drawing.append(column);
  });
  return drawing;
};
const drawHeading = () => {
  const asked = head.states.ask;
  const done = order.filter((number) => rows[number][STATE] === "ask" && isDone(number)).length;
  const rest = !asked ? "" : done ? `${asked - done} of ${asked} left` : `${asked.toLocaleString("en")} need${asked === 1 ? "s" : ""} a person`;
  document.querySelector(".top h1").replaceChildren(
    make("span", {}, count(head.seeds, "seed"), rest ? ", " : ""), make("span", { class: "ask" }, rest));
};
const describeRun = () => {
  const where = head.dry_run ? "dry run, seeds untouched" : head.output_dir ? `copies in ${head.output_dir}, seeds untouched` : "";
  const end = head.ended ? (head.reason && head.reason !== "finished" ? head.reason : "") : "not ended";
  const seconds = head.seconds === null || head.seconds === undefined ? "" : `${Math.round(head.seconds)} s`;
  return [where, end, seconds].filter(Boolean);
};
const drawTop = () => {
  drawHeading();
  const when = document.querySelector(".when");
  when.replaceChildren(`${moment(head.started)} · `, make("code", {}, head.command), ...describeRun().map((part) => ` · ${part}`));
  const history = byId("history");
  history.hidden = false;
  history.title = "About this run (o)";
  history.append(make("span", { class: "away" }, "About this run"), bars(132, 28));
  history.addEventListener("click", showRun);
  const share = byId("share");
  share.hidden = false;
  for (const state of STATES) {
    if (!head.states[state]) continue;
    const part = make("span", { class: state });
    part.style.flexGrow = head.states[state];
    share.append(part);
  }
  for (const sentence of head.alarms) byId("alarms").append(make("p", { class: "alarm", role: "alert" }, sentence));
  for (const sentence of head.problems) warn(sentence);
  drawChips();
};
const warn = (sentence) => byId("alarms").append(make("p", { class: "warn", role: "alert" }, sentence));
const filter = { state: "all", field: null, host: null, words: "" };
const chip = (name, number, pressed, onClick, kind = "") =>
  make("button", { class: `chip ${kind}`, "aria-pressed": String(pressed), click: onClick, type: "button" }, name, make("b", {}, number.toLocaleString("en")));
const drawChips = () => {
  const chips = byId("chips");
  chips.hidden = false;
  const pick = (change) => () => { Object.assign(filter, change); refilter(); };
  const states = STATES.filter((state) => head.states[state]);
  chips.replaceChildren(
    chip("All", head.seeds, filter.state === "all", pick({ state: "all" })),
    ...states.map((state) => chip(stateWords[state], head.states[state], filter.state === state, pick({ state }))),
    make("span", { class: "gap" }),
    ...head.fields.map(([field, number]) =>
      chip(field, number, filter.field === field, pick({ field: filter.field === field ? null : field }), "field")),
    ...(filter.host === null ? [] : [chip(`${filter.host || "no address"} ×`, visible.length, true, pick({ host: null }))]),
  );
};
