// What keys and buttons do to the open seed.
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
