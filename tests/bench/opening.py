"""Open pages in Chromium and say how long they took, as JSON: `python -m tests.bench.opening REPORT BARE ROUNDS`."""

from __future__ import annotations

import json
import statistics
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

_WATCH = """
new MutationObserver((_, watch) => {
  if (!document.documentElement?.dataset.ready) return;
  window.readyAt = performance.now();
  watch.disconnect();
}).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-ready"] });
"""
_CHIPS = """
() => [...document.querySelectorAll('.chip')].slice(0, 4).map((_, place) => {
  const chip = document.querySelectorAll('.chip')[place];
  const start = performance.now();
  chip.click();
  document.getElementById('list').getBoundingClientRect();
  return performance.now() - start;
})
"""
_SEARCHES = """
async () => {
  const took = [];
  const search = document.getElementById('search');
  for (const words of ['noodles', 'the', 'harbour 17', '']) {
    const start = performance.now();
    search.value = words;
    search.dispatchEvent(new Event('input'));
    await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
    took.push(performance.now() - start);
  }
  return took;
}
"""


def _open(browser: Browser, file: Path) -> tuple[Page, float]:
    page = browser.new_page(viewport={"width": 1360, "height": 860})
    page.add_init_script(_WATCH)
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-ready]")
    return page, float(page.evaluate("window.readyAt"))


def main(report: Path, bare: Path, rounds: int) -> None:
    """Open both pages in turn, then filter and search the report."""
    times: dict[str, list[float]] = {"opened": [], "bare": [], "chip": [], "search": []}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for _ in range(rounds):
            for name, file in (("bare", bare), ("opened", report)):
                page, took = _open(browser, file)
                times[name].append(took)
                if name == "opened":
                    times["chip"] += page.evaluate(_CHIPS)
                    times["search"] += page.evaluate(_SEARCHES)
                page.close()
        browser.close()
    print(json.dumps({name: statistics.median(found) for name, found in times.items()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
