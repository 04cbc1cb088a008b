// About the run: hosts with trouble, past runs, settings.
const grid = (names, lines) => make("table", { class: "grid box" },
  make("thead", {}, make("tr", {}, names.map((name) => make("th", { scope: "col" }, name)))), make("tbody", {}, lines));
const ofHost = (host) => () => {
  Object.assign(filter, { state: "all", field: null, host, words: "" });
  byId("search").value = "";
  refilter();
};
const showRun = () => {
  at = -1;
  current = null;
  document.body.classList.add("reading");
  const settings = Object.entries(head.settings).map(([name, value]) =>
    make("tr", {}, make("td", {}, make("code", {}, name)), make("td", {}, make("code", {}, typeof value === "string" ? value : JSON.stringify(value)))));
  const hosts = head.hosts.map((host) => make("tr", {},
    make("td", {}, make("button", { type: "button", click: ofHost(host.host) }, host.host || "no address")),
    make("td", { class: "number" }, `${host.missed} of ${host.seeds}`),
    make("td", {}, host.paused ? `left alone until ${moment(host.paused)}` : "")));
  const runs = [...head.history].reverse().map(([name, started, written, missed, ask]) => make("tr", {},
    make("td", {}, moment(started)), make("td", { class: "number" }, String(written)), make("td", { class: "number" }, String(missed)),
    make("td", { class: "number" }, String(ask)), make("td", {}, make("code", {}, name))));
  byId("seed").replaceChildren(
    make("button", { class: "back", type: "button", click: closeSeed }, "‹ All seeds"),
    make("h2", {}, "This run"),
    make("div", { class: "facts" }, make("code", {}, head.command), ...[`version ${head.version}`, ...describeRun()].map((part) => make("span", {}, part))),
    ...(hosts.length ? section("Hosts with trouble", grid(["host", "missed", ""], hosts)) : []),
    ...(head.notes.length ? section("What the run said", ...head.notes.map((note) => make("div", { class: "notice other" }, note))) : []),
    ...section("Past runs", make("div", { class: "chart" }, bars(Math.min(640, innerWidth - 60), 90)), grid(["run", "written", "missed", "for a person", "folder"], runs)),
    ...(settings.length ? section("Settings that are not the defaults", grid(["setting", "value"], settings)) : []));
  drawList();
  drawActions();
  byId("seed").scrollTop = 0;
};
