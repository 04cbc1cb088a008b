// The data of the page: rows at once, details when a seed is opened.
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
