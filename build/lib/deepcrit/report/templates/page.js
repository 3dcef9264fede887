(function () {
  "use strict";

  const scoreboard = document.querySelector("#scoreboard tbody");
  const rows = Array.from(scoreboard.rows);
  const texts = new Map(rows.map((row) => [row, (row.id + row.textContent).toLowerCase()]));
  const search = document.getElementById("search");
  const paper = document.getElementById("paper-filter");
  const figure = document.getElementById("figure-filter");
  const boxes = Array.from(document.querySelectorAll("input[name=verdict]"));
  const shown = document.getElementById("shown");
  const contents = document.querySelector("nav details");
  const narrow = window.matchMedia("(max-width: 71.99rem)");

  function filter() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const allowed = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let count = 0;
    for (const row of rows) {
      const fits = allowed.has(row.dataset.verdict) &&
        (!paper.value || row.dataset.paper === paper.value) &&
        (!figure.value || row.dataset.figure === figure.value) &&
        words.every((word) => texts.get(row).includes(word));
      row.hidden = !fits;
      count += fits ? 1 : 0;
    }
    shown.textContent = count + " of " + rows.length + " shown";
  }

  function choose(chosenPaper, verdict) {
    search.value = "";
    figure.value = "";
    paper.value = chosenPaper;
    for (const box of boxes) { box.checked = !verdict || box.value === verdict; }
    filter();
  }

  const natural = new Intl.Collator("en", { numeric: true });

  function firstNumber(text) {
    const number = /-?\d+(\.\d+)?(e[+-]?\d+)?/i.exec(text.replace("\u2212", "-"));
    return number ? Number(number[0]) : Infinity;
  }

  // Numbers may have words around them, or be missing.
  function compareNumbers(a, b) {
    const [first, second] = [firstNumber(a), firstNumber(b)];
    return first < second ? -1 : first > second ? 1 : natural.compare(a, b);
  }

  function sortBy(heading) {
    const descending = heading.getAttribute("aria-sort") === "ascending";
    for (const other of heading.parentNode.cells) { other.removeAttribute("aria-sort"); }
    heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
    const column = heading.cellIndex;
    const keys = new Map(rows.map((row) => [row, row.cells[column].dataset.sort]));
    const compare = rows[0].cells[column].classList.contains("number") ? compareNumbers : natural.compare;
    rows.sort((a, b) => (descending ? -1 : 1) * compare(keys.get(a), keys.get(b)));
    scoreboard.append(...rows);
  }

  // A link to what is hidden shows it: a claim that is filtered away, evidence that is folded.
  function reveal() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) { return; }
    if (target.hidden) { choose("", ""); }
    const folded = target.closest("details");
    if (folded) { folded.open = true; }
    target.scrollIntoView();
  }

  // The contents mark the innermost section at the top of the window.
  const sections = new Map();
  for (const link of contents.querySelectorAll("a")) { sections.set(document.getElementById(link.hash.slice(1)), link); }
  const visible = new Set();
  const watch = new IntersectionObserver((changes) => {
    for (const change of changes) { visible[change.isIntersecting ? "add" : "delete"](change.target); }
    let current = null;
    for (const [section, link] of sections) {
      link.removeAttribute("aria-current");
      if (visible.has(section)) { current = link; }
    }
    if (current) { current.setAttribute("aria-current", "true"); }
  }, { rootMargin: "0px 0px -75% 0px" });
  for (const section of sections.keys()) { watch.observe(section); }

  for (const heading of document.querySelectorAll("#scoreboard thead th")) {
    heading.querySelector("button").addEventListener("click", () => sortBy(heading));
  }
  for (const link of document.querySelectorAll(".pick")) {
    link.addEventListener("click", () => choose(link.dataset.paper, link.dataset.verdict));
  }
  search.addEventListener("input", filter);
  for (const control of [paper, figure, ...boxes]) { control.addEventListener("change", filter); }
  contents.addEventListener("click", (event) => {
    if (narrow.matches && event.target.closest("a")) { contents.open = false; }
  });
  narrow.addEventListener("change", () => { contents.open = !narrow.matches; });
  window.addEventListener("hashchange", reveal);

  contents.open = !narrow.matches;
  document.querySelector(".controls").hidden = false;
  filter();
  reveal();
}());
