// Names that every part of the script has.
const ROW_PIXELS = 88; // As .row has it in the style.
const ROWS_AROUND = 4; // Drawn above and below what is seen, so that scrolling shows no gap.
const MAX_BLOCKS_KEPT = 12; // Unpacked blocks of details that are kept.
const MAX_PRINTED_ROWS = 500;
const STATES = ["ask", "missed", "written", "quiet"];
const [SEED, STATE, TITLE, HOST, REASON, FIELDS, VALUES] = [0, 1, 2, 3, 4, 5, 6];

const byId = (id) => document.getElementById(id);
const head = JSON.parse(byId("head").textContent);
const post = document.querySelector('meta[name="review-post"]')?.content;
