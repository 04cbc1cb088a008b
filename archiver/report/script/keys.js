// Keys, help and paper.
const KEYS = [
  ["j k", "the next seed, the one before"], ["a", "accept what is offered; without an offer: go on"], ["A", "accept all that this seed is offered"],
  ["1 – 9", "take one of the others"], ["e", "write another value"], ["x", "keep the seed as it is"], ["s", "later"],
  ["u", "take the last decision back"], ["w", "save the decisions as a file"], ["o", "about this run"], ["/", "search"], ["?", "these keys"],
];
const help = () => {
  const dialog = byId("help");
  dialog.replaceChildren(make("h2", {}, "Keys"),
    make("dl", {}, KEYS.flatMap(([key, text]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, text)])),
    make("form", { method: "dialog" }, make("button", { class: "act" }, "Close")));
  dialog.showModal();
};
const actions = {
  j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1), a: accept, A: acceptAll, x: refuse, s: later,
  u: undo, e: edit, w: save, o: showRun, "?": help, "/": () => byId("search").focus(), Escape: closeSeed,
};
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
  const isTyping = /^(INPUT|TEXTAREA)$/.test(event.target.tagName);
  if (isTyping) {
    if (event.key === "Escape" || (event.key === "Enter" && event.target.type === "search")) { event.target.blur(); list.focus(); }
    return;
  }
  if (/^Arrow/.test(event.key) && event.target !== list && event.target !== document.body) return;
  if ((event.key === "Enter" || event.key === " ") && event.target === list) {
    document.body.classList.add("reading");
    return byId("seed").focus();
  }
  const action = /^[1-9]$/.test(event.key) ? () => takeRival(currentCall(), Number(event.key) - 1) : Object.hasOwn(actions, event.key) ? actions[event.key] : null;
  if (!action) return;
  event.preventDefault();
  action();
});
addEventListener("beforeprint", () => {
  const shown = visible.slice(0, MAX_PRINTED_ROWS).map((number) => rows[number]);
  const left = visible.length - shown.length;
  byId("print").replaceChildren(
    grid(["seed", "title", "state", "why"], shown.map((row) => make("tr", {},
      make("td", {}, row[SEED]), make("td", { dir: "auto" }, row[TITLE]), make("td", {}, stateWords[row[STATE]]), make("td", {}, row[REASON])))),
    left ? make("p", {}, `${count(left, "more seed")}.`) : "");
});
