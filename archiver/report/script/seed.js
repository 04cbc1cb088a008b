// One seed: what is asked, what was put back, both texts, the patch, the way to the page.
const section = (name, ...children) => [make("h3", {}, name), ...children];
const badge = (kind, text) => make("span", { class: `badge ${kind}` }, text);
const sourceLine = (change) => make("div", { class: "from" }, "from", make("span", { class: "source first" }, change.source),
  ...(change.witnesses?.length
    ? ["and so", ...change.witnesses.map((name) => make("span", { class: "source" }, name))]
    : [make("span", { class: "alone" }, "no other place agrees")]),
  typeof change.confidence === "number" ? make("span", {}, `· right in ${Math.round(change.confidence * 100)} of 100`) : "");
const answerWords = (decision) => ({
  accept: "Accepted", keep: "The seed stays as it is", later: "Later", value: `Instead: ${decision.value}`,
})[decision.answer];
const drawCall = (change, isCurrent) => {
  const { number } = current;
  const decision = decisions.get(keyOf(number, change.field));
  const rivals = (change.rivals ?? []).map(([value, source], place) =>
    make("li", {}, make("button", {
      class: "rival", type: "button", "aria-pressed": String(decision?.answer === "value" && decision.value === value),
      click: () => takeRival(change, place),
    }, make("span", {}, place < 9 && isCurrent ? make("kbd", {}, String(place + 1)) : "·"),
    make("span", { dir: "auto" }, value, make("span", { class: "mono" }, source)))));
  const input = make("input", { type: "text", "aria-label": `Another value for ${change.field}`, placeholder: "Another value", value: decision?.answer === "value" ? decision.value : change.new });
  const form = make("form", {
    class: "own", hidden: true, submit: (event) => { event.preventDefault(); answer(change, "value", input.value.trim()); },
  }, input, make("button", { class: "act", type: "submit" }, "Take it"));
  input.addEventListener("keydown", (event) => { if (event.key === "Escape") { form.hidden = true; byId("seed").focus(); event.stopPropagation(); } });
  return make("div", { class: `box call${isCurrent ? " current" : ""}`, "data-field": change.field },
    make("div", { class: "name" }, change.field),
    make("div", {},
      make("div", { class: "value", dir: "auto" }, change.new),
      sourceLine(change),
      change.old ? make("div", { class: "has", dir: "auto" }, `The seed has: ${change.old}`) : make("div", { class: "has" }, "The seed has nothing there."),
      rivals.length ? [make("div", { class: "from" }, "or one of these"), make("ol", { class: "rivals" }, rivals)] : "",
      form,
      decision ? make("div", { class: "answer", dir: "auto" }, `✓ ${answerWords(decision)}`) : ""));
};
const drawLine = (change) => {
  const witnesses = change.witnesses?.length ? ` +${change.witnesses.length}` : "";
  const long = change.new.length > 90;
  const value = long
    ? make("details", {}, make("summary", { class: "short" }, change.new), make("div", { class: "whole" }, change.new))
    : make("div", {}, change.new);
  value.setAttribute("dir", "auto");
  return make("div", { class: "line" }, make("div", { class: "name" }, change.field), value,
    make("span", { class: "mono", title: [change.source, ...(change.witnesses ?? [])].join(", ") }, change.source + witnesses));
};
const marked = (text, spans, kind) => {
  const parts = [];
  let from = 0;
  for (const [start, end] of spans) {
    parts.push(text.slice(from, start), make("mark", { class: kind }, text.slice(start, end)));
    from = end;
  }
  return [...parts, text.slice(from)];
};
// Spans count characters as Python does; a string here counts a rare letter as two.
const inUnits = (text, spans) => {
  if (!/[\ud800-\udbff]/.test(text)) return spans;
  const letters = Array.from(text);
  const units = (place) => letters.slice(0, place).join("").length;
  return spans.map(([start, end]) => [units(start), units(end)]);
};
const drawPair = ([old, fresh, removed, added], isNew) => make("div", { class: "pair" },
  make("div", { class: fresh === null ? "only-old" : "", dir: "auto" }, old === null ? "" : marked(old, inUnits(old, removed), "out")),
  make("div", { class: old === null ? "only-new" : "", dir: "auto" }, fresh === null ? "" : marked(fresh, inUnits(fresh, added), "in")));
const drawText = (text) => {
  const box = make("div", { class: "box" }, make("div", { class: "pair head" }, make("div", {}, "The seed"), make("div", {}, "The page")));
  let alike = [];
  const fold = () => {
    if (!alike.length) return;
    const paragraphs = alike;
    const opened = (event) => event.currentTarget.replaceWith(...paragraphs.map((value) => drawPair([value, value, [], []])));
    box.append(make("button", { class: "fold", type: "button", click: opened }, `${count(paragraphs.length, "paragraph")} alike · show`));
    alike = [];
  };
  for (const pair of text.pairs) {
    if (pair.length === 1) alike.push(pair[0]);
    else { fold(); box.append(drawPair(pair)); }
  }
  fold();
  if (text.left) box.append(make("p", { class: "fold" }, `${count(text.left, "more paragraph")}; results.jsonl has them`));
  const facts = text.facts.map(([kind, old, fresh]) =>
    make("li", { dir: "auto" }, `${kind}: `, old ? make("mark", { class: "out" }, old) : "–", " → ", fresh ? make("mark", { class: "in" }, fresh) : "–"));
  return facts.length ? [make("ul", { class: "way" }, facts), box] : [box];
};
const drawPatch = (seed) => {
  const kinds = { "+": "plus", "-": "minus", "@": "at" };
  const lines = seed.patch.map((line, place) => make("div", { class: place < 2 ? "at" : kinds[line[0]] ?? "" }, line));
  return make("details", {}, make("summary", {}, `Patch · ${count(seed.plus ?? 0, "line")} in, ${seed.minus ?? 0} out`),
    make("div", { class: "box" }, make("div", { class: "patch", dir: "ltr" }, lines)));
};
const stepWords = { asked: "asked for", redirect: "led to", moved: "has moved for good to", copy: "a copy was read from" };
const drawWay = (seed) => make("details", { open: rows[current.number][STATE] === "missed" },
  make("summary", {}, "From the address to what was read"),
  make("ol", { class: "way" }, seed.chain.map(([kind, address, status, verdict, detail, when, origin]) => make("li", {},
    `${stepWords[kind] ?? kind} `, link(address, address),
    make("span", { class: "quiet-text" }, ` ${[status, verdict && verdict !== "article" ? verdict.replaceAll("_", " ") : "", day(when), origin].filter(Boolean).join(" · ")}`)))),
  seed.read ? make("p", { class: "mono" }, `scrapy archive show ${seed.read[3]}`, make("br"), `sha256 ${seed.read[4]}`) : "");
const drawSeed = () => {
  const { number, seed } = current;
  const row = rows[number];
  const open = openFields(number);
  const [when, status, origin, address] = seed.read ?? [];
  const proposed = seed.proposed ?? [];
  const changes = seed.changes ?? [];
  const facts = make("div", { class: "facts" }, badge(row[STATE], stateWords[row[STATE]]),
    seed.drift && !["same", "cosmetic"].includes(seed.drift) ? badge("", `text: ${seed.drift.replaceAll("-", " ")}`) : "",
    make("code", {}, row[SEED]),
    seed.url ? link(seed.url, `${row[HOST]} ↗`) : "no address",
    seed.read ? make("span", {}, `read ${day(when)} · ${status} · ${origin}`) : "");
  const notices = row[STATE] === "missed"
    ? [make("div", { class: "notice missed" }, seed.detail || row[REASON], seed.page ? make("p", { class: "said", dir: "auto" }, `“${seed.page.filter(Boolean).join(" — ")}”`) : "")]
    : [...(seed.doubts ?? []).map((sentence) => make("div", { class: "notice" }, sentence)),
      // What it says of proposed, reported and blank fields stands below.
      ...(seed.detail && !proposed.length && !seed.reported && !seed.blank ? [make("div", { class: "notice other" }, seed.detail)] : [])];
  const written = head.dry_run ? "Would be put back" : "Put back";
  byId("seed").replaceChildren(
    make("button", { class: "back", type: "button", click: closeSeed }, "‹ All seeds"),
    make("h2", { dir: "auto", lang: seed.lang }, row[TITLE]), facts, ...notices,
    ...(proposed.length ? section("Your call", ...proposed.map((change) => drawCall(change, change.field === (open[0] ?? "")))) : []),
    ...(changes.length ? section(proposed.length ? `${written}, sure enough` : written, make("div", { class: "box" }, changes.map(drawLine))) : []),
    ...(seed.reported ? section("Differs, and the policy only reports it", make("div", { class: "box" }, seed.reported.map(drawLine))) : []),
    ...(seed.blank ? section("Still blank", make("p", { class: "quiet-text" }, `The page says nothing for ${seed.blank.join(", ")}.`)) : []),
    ...(seed.text ? section("Text: page beside seed", ...drawText(seed.text)) : []),
    ...(seed.patch ? section("The exact patch", drawPatch(seed)) : []),
    ...(seed.chain ? section("The way to it", drawWay(seed)) : []));
  drawActions();
  drawList();
};
const closeSeed = () => { document.body.classList.remove("reading"); drawList(); list.focus(); };
const currentCall = () => {
  if (!current) return null;
  const [field] = openFields(current.number) ?? [];
  return (current.seed.proposed ?? []).find((change) => change.field === field) ?? null;
};
const drawActions = () => {
  const call = currentCall();
  const act = (text, key, onClick, kind = "") =>
    make("button", { class: `act ${kind}`, type: "button", click: onClick }, text, make("kbd", { "aria-hidden": "true" }, key));
  const made = linesToSave().length;
  const buttons = !current ? [] : call
    ? [act("Accept", "a", () => accept(), "main"), act("Keep the seed as it is", "x", () => refuse()), act("Later", "s", () => later())]
    : [act(current && rows[current.number][STATE] === "ask" ? "Seen" : "Next", "a", () => accept(), "main")];
  byId("acts").replaceChildren(...buttons,
    past.length ? act("Undo", "u", undo) : "",
    post ? make("button", { class: "act", type: "button", click: quit }, "Quit") : "",
    made && !post ? act(`Save ${count(made, "decision")}`, "w", save) : "",
    make("span", { class: "place" }, at >= 0 ? `${(at + 1).toLocaleString("en")} of ${visible.length.toLocaleString("en")}` : ""));
};
