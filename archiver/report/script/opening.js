// Opening: unpack the rows, then draw.
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
