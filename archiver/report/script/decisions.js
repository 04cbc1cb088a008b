// What a person decided: held here, saved as a file, or posted where the page is served for it.
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
