"use strict";
// The report of a run: a list of seeds, one seed, decisions. Nothing is asked of anybody; what was scraped is text only.
(() => {
  const ROW_PIXELS = 88; // As .row has it in the style.
  const ROWS_AROUND = 4; // Drawn above and below what is seen, so that scrolling shows no gap.
  const MAX_BLOCKS_KEPT = 12; // Unpacked blocks of details that are kept.
  const MAX_PRINTED_ROWS = 500;
  const STATES = ["ask", "missed", "written", "quiet"];
  const [SEED, STATE, TITLE, HOST, REASON, FIELDS, VALUES] = [0, 1, 2, 3, 4, 5, 6];

  const byId = (id) => document.getElementById(id);
  const head = JSON.parse(byId("head").textContent);
  const post = document.querySelector('meta[name="review-post"]')?.content;

  // ---- Elements ------------------------------------------------------------------------------------------------

  const make = (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes ?? {})) {
      if (typeof value === "function") element.addEventListener(name, value);
      else if (value === true) element.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
    }
    element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
    return element;
  };
  const shape = (tag, attributes, ...children) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
  const day = (at) => (at ?? "").slice(0, 10);
  const moment = (at) => {
    const date = new Date(at);
    if (Number.isNaN(date.getTime())) return at;
    return date.toLocaleString("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
  };
  const isWeb = (address) => /^https?:\/\//i.test(address ?? "");
  const link = (address, text) =>
    isWeb(address)
      ? make("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow" }, text)
      : document.createTextNode(text);
  const say = (sentence) => { byId("said").textContent = sentence; };

  // ---- Data ----------------------------------------------------------------------------------------------------

  const unpack = async (element) => {
    const text = element.textContent;
    const bytes = Uint8Array.fromBase64 ? Uint8Array.fromBase64(text) : Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  };
  let rows = [];
  let order = [];
  const detailBlocks = document.getElementsByClassName("details");
  const kept = new Map();
  const detailOf = async (number) => {
    const block = Math.floor(number / head.per_block);
    let found = kept.get(block);
    if (!found) {
      found = unpack(detailBlocks[block]);
      kept.set(block, found);
      if (kept.size > MAX_BLOCKS_KEPT) kept.delete(kept.keys().next().value);
    }
    return (await found)[number % head.per_block];
  };
  const missedBy = new Map(head.hosts.map((host) => [host.host, host.missed]));
  const sorted = () => {
    const rank = new Map(STATES.map((state, place) => [state, place]));
    const trouble = (row) => (row[STATE] === "missed" ? missedBy.get(row[HOST]) ?? 0 : 0);
    return rows.map((_, number) => number).sort((one, two) => {
      const [a, b] = [rows[one], rows[two]];
      if (a[STATE] !== b[STATE]) return rank.get(a[STATE]) - rank.get(b[STATE]);
      if (a[STATE] !== "missed") return one - two;
      return trouble(b) - trouble(a) || (a[HOST] < b[HOST] ? -1 : a[HOST] > b[HOST] ? 1 : one - two);
    });
  };
  let haystacks = null;
  const haystack = (number) => {
    haystacks ??= rows.map((row) => [row[TITLE], row[SEED], row[HOST], row[REASON], ...row[VALUES]].join("\n").toLowerCase());
    return haystacks[number];
  };

  // ---- Decisions -----------------------------------------------------------------------------------------------

  // By seed and field: { answer: accept | keep | value | later | seen, value, line }.
  const decisions = new Map();
  const past = []; // For undo: { number, key, before }, the last one last.
  let unsaved = 0;
  const keyOf = (number, field) => `${number} ${field}`;
  const openFields = (number) => {
    const states = seedStates.get(number);
    return states ? states.filter((field) => !decisions.has(keyOf(number, field))) : null;
  };
  const seedStates = new Map(); // By seed that was opened, the fields that wait for a person.
  const isDone = (number) => {
    const fields = seedStates.get(number);
    if (fields === undefined) return false;
    if (!fields.length) return decisions.has(keyOf(number, ""));
    return fields.every((field) => decisions.has(keyOf(number, field)));
  };
  const lineOf = (number, seed, change, answer, value) => {
    const line = {
      path: rows[number][SEED], address: seed.url ?? "", field: change.field, offered: change.offered ?? "", answer,
    };
    if (answer === "value") line.value = value;
    return { ...line, at: new Date().toISOString() };
  };
  let sending = Promise.resolve(); // One after the other: what is taken back has to be there first.
  const send = (line) => { if (post) sending = sending.then(() => deliver(line)); };
  const quit = async () => {
    await sending;
    try {
      await fetch(post.replace(/[^/]*$/, "quit"), {
        method: "POST", headers: { "Content-Type": "application/json" }, body: "{}", credentials: "same-origin",
      });
      say("The review has ended; this page can be closed.");
    } catch (error) {
      warn(`The review could not be ended: ${error.message}`);
    }
  };
  const deliver = async (line) => {
    try {
      const answer = await fetch(post, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(line), credentials: "same-origin",
      });
      if (!answer.ok) throw new Error((await answer.text()).slice(0, 500) || `the server answered ${answer.status}`);
      say("Saved.");
    } catch (error) {
      warn(`The decision on ${line.path}, ${line.field}, was not saved: ${error.message}`);
    }
  };
  const decide = (number, field, decision) => {
    const key = keyOf(number, field);
    past.push({ number, field, before: decisions.get(key) });
    decisions.set(key, decision);
    if (decision.line) {
      unsaved += 1;
      send(decision.line);
    }
    drawList();
    drawHeading();
  };
  const undo = () => {
    const last = past.pop();
    if (!last) return say("There is nothing to take back.");
    const key = keyOf(last.number, last.field);
    const taken = decisions.get(key);
    if (last.before) decisions.set(key, last.before);
    else decisions.delete(key);
    if (taken?.line) {
      unsaved -= last.before?.line ? 0 : 1;
      send(last.before?.line ?? { ...taken.line, answer: "open" });
    }
    say(`Taken back${last.field ? `: ${last.field}` : ""}.`);
    drawHeading();
    openSeed(last.number);
  };
  const linesToSave = () => [...decisions.values()].map((decision) => decision.line).filter(Boolean);
  // Some readers take these letters for the end of a line.
  const oneLine = (line) => JSON.stringify(line).replace(/[\u0085\u2028\u2029]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const save = () => {
    const lines = linesToSave();
    if (!lines.length) return say("No decision was made yet.");
    const address = URL.createObjectURL(new Blob(lines.map((line) => `${oneLine(line)}\n`), { type: "application/jsonl" }));
    const name = `decisions-${(head.started ?? "").replace(/\W/g, "")}.jsonl`;
    make("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    unsaved = 0;
    say(`Saved ${count(lines.length, "decision")} as ${name}; scrapy review --apply ${name} takes them.`);
    drawActions();
  };
  addEventListener("beforeunload", (event) => { if (unsaved > 0 && !post) event.preventDefault(); });

  // ---- Head of the page ----------------------------------------------------------------------------------------

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

  // ---- List ----------------------------------------------------------------------------------------------------

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

  // ---- One seed ------------------------------------------------------------------------------------------------

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
        ...(seed.detail ? [make("div", { class: "notice plain" }, seed.detail)] : [])];
    const written = head.dry_run ? "Would be put back" : "Put back";
    byId("seed").replaceChildren(
      make("button", { class: "back", type: "button", click: closeSeed }, "‹ All seeds"),
      make("h2", { dir: "auto", lang: seed.lang }, row[TITLE]), facts, ...notices,
      ...(proposed.length ? section("Your call", ...proposed.map((change) => drawCall(change, change.field === (open[0] ?? "")))) : []),
      ...(changes.length ? section(proposed.length ? `${written} without doubt` : written, make("div", { class: "box" }, changes.map(drawLine))) : []),
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

  // ---- What a person does --------------------------------------------------------------------------------------

  const answer = (change, kind, value) => {
    if (!current) return;
    if (kind === "value" && !value) return say("An empty value is none; x keeps the seed as it is.");
    const { number, seed } = current;
    const line = kind === "later" ? null : lineOf(number, seed, change, kind, value);
    const word = { accept: "accepted", keep: "kept as it is", later: "left for later", value: "taken" }[kind];
    decide(number, change.field, { answer: kind, value, line });
    say(`${change.field} ${word}.`);
    if (openFields(number).length) drawSeed();
    else goOn();
  };
  const goOn = () => {
    for (let place = at + 1; place < visible.length; place += 1) if (!isDone(visible[place])) return show(place);
    drawSeed();
    say("That was the last one.");
  };
  const accept = () => {
    const call = currentCall();
    if (call) return answer(call, "accept");
    if (!current) return;
    if (rows[current.number][STATE] === "ask" && !isDone(current.number)) decide(current.number, "", { answer: "seen" });
    step(1);
  };
  const acceptAll = () => {
    const { number } = current ?? {};
    while (current?.number === number && currentCall()) answer(currentCall(), "accept");
  };
  const refuse = () => { const call = currentCall(); if (call) answer(call, "keep"); };
  const later = () => { const call = currentCall(); if (call) answer(call, "later"); else step(1); };
  const takeRival = (change, place) => {
    const rival = change?.rivals?.[place];
    if (rival) answer(change, "value", rival[0]);
  };
  const edit = () => {
    const call = currentCall();
    const form = call && document.querySelector(`.call.current form`);
    if (!form) return;
    form.hidden = false;
    form.querySelector("input").select();
  };

  // ---- The run -------------------------------------------------------------------------------------------------

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
      ...(head.notes.length ? section("What the run said", ...head.notes.map((note) => make("div", { class: "notice plain" }, note))) : []),
      ...section("Past runs", make("div", { class: "chart" }, bars(Math.min(640, innerWidth - 60), 90)), grid(["run", "written", "missed", "for a person", "folder"], runs)),
      ...(settings.length ? section("Settings that are not the defaults", grid(["setting", "value"], settings)) : []));
    drawList();
    drawActions();
    byId("seed").scrollTop = 0;
  };

  // ---- Keys ----------------------------------------------------------------------------------------------------

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

  // ---- Opening -------------------------------------------------------------------------------------------------

  const open = async () => {
    byId("loading").hidden = false;
    const blocks = await Promise.all([...document.querySelectorAll("script.rows")].map(unpack));
    rows = blocks.flat();
    order = sorted();
    filter.state = STATES.find((state) => head.states[state]) === "ask" ? "ask" : head.states.missed ? "missed" : "all";
    byId("loading").hidden = true;
    byId("main").hidden = false;
    let waiting = 0;
    byId("search").addEventListener("input", (event) => {
      filter.words = event.target.value;
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(() => refilter(true));
    });
    list.addEventListener("scroll", () => requestAnimationFrame(drawList), { passive: true });
    addEventListener("resize", drawList);
    drawTop();
    refilter();
    document.documentElement.dataset.ready = "1";
  };
  open().catch((error) => {
    byId("loading").hidden = false;
    byId("loading").textContent = `This browser could not open the report (${error.message}); one of 2023 or later can.`;
  });
})();
