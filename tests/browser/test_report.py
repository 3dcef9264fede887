"""The report in a real browser: all of it is there, it is found, sorted, filtered, and read on any screen and paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

import pytest
from rendered import Rendered
from workflow_rules import rule_names

from deepcrit.app.plan import FIGURES
from deepcrit.claims.evidence import tables_behind
from deepcrit.report.page import VERDICTS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.slice
Visit = Callable[..., "Page"]
ORDER = "rows => rows.map(row => row.id.slice('board:'.length))"
UNFOLD = "() => { for (const one of document.querySelectorAll('details')) { one.open = true; } }"
NUMBER = r"(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"  # the first one in a text
LINKS = "links => links.map(link => link.getAttribute('href'))"
CELLS = """tables => tables.map(table => Array.from(table.rows, row =>
  Array.from(row.cells, cell => cell.firstChild ? cell.firstChild.data.trim() : '')))"""
# pairs of neighbouring cells of which the text of the first, as it is painted, comes close to that of the second
TOUCHING = """() => {
  const painted = cell => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    return Array.from(range.getClientRects()).filter(box => box.width > 0);
  };
  const touch = (one, next) => {
    const [a, b] = [painted(one), painted(next)];
    const beside = one.getBoundingClientRect().top === next.getBoundingClientRect().top;
    return beside && getComputedStyle(one).overflow !== 'hidden' && a.length && b.length
      && Math.min(...b.map(box => box.left)) - Math.max(...a.map(box => box.right)) < 4;
  };
  return Array.from(document.querySelectorAll('tr'), row => Array.from(row.cells))
    .flatMap(cells => cells.slice(1).map((next, i) => [cells[i], next]))
    .filter(pair => touch(...pair)).map(pair => pair.map(cell => cell.textContent.trim()));
}"""
# contrast of the text of an element with what is painted behind it, as WCAG 2 defines it
CONTRAST = """element => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const behind = node => {
    const colour = numbers(getComputedStyle(node).backgroundColor);
    return colour.length === 3 || colour[3] > 0 ? colour : behind(node.parentElement);
  };
  const luminance = colour => colour.slice(0, 3)
    .map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const [a, b] = [luminance(numbers(getComputedStyle(element).color)), luminance(behind(element))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""


def order(page: Page, selector: str = "#scoreboard tbody tr") -> list[str]:
    """Claims in the order of their rows."""
    return page.locator(selector).evaluate_all(ORDER)


def shown(page: Page) -> list[str]:
    """Claims that the filters leave."""
    return order(page, "#scoreboard tbody tr:not([hidden])")


def heading(page: Page, name: str) -> Locator:
    """The button that sorts by a column."""
    return page.locator("#scoreboard th button").filter(has_text=re.compile(f"^{name}$"))


def test_every_figure_is_there_with_its_caption(visit: Visit, rendered: Rendered) -> None:
    """Each figure of the plan is under its title, the right picture, with its caption, alternative text and command."""
    page = visit()
    assert page.locator("section.figure").evaluate_all("all => all.map(one => one.id)") == list(FIGURES)
    for key, figure in FIGURES.items():
        section = page.locator(f"#{key}")
        assert section.locator("h3").inner_text() == figure.title
        image = section.locator("img")
        image.scroll_into_view_if_needed()
        image.evaluate("image => image.decode()")
        assert image.evaluate("image => image.naturalWidth") == rendered.widths[key]
        assert figure.title in image.get_attribute("alt")
        assert rendered.caption(key) in section.locator("figcaption").inner_text()
        assert f"snakemake --cores all {key}" in section.locator(".make").inner_text()


def test_figures_are_targets_of_the_workflow() -> None:
    """The command that the page gives for a figure names a rule of the Snakefile."""
    assert set(FIGURES) <= rule_names()


def test_every_claim_and_table_is_there(visit: Visit, rendered: Rendered) -> None:
    """Each claim has one row in the scoreboard and one place of evidence; each table it is read from is linked."""
    page = visit()
    assert order(page) == list(rendered.claims)
    linked = page.locator(".evidence").evaluate_all(
        """all => all.map(one => [one.id, Array.from(one.querySelectorAll('.file a'), a => a.getAttribute('href'))])"""
    )
    assert len(linked) == len(rendered.claims)
    for claim, links in linked:
        assert links == [f"{table}.tsv" for table in tables_behind(rendered.claims[claim])]
    heads = page.locator(".tables .file a").evaluate_all(LINKS)
    assert set(heads) == {f"{table}.tsv" for claim in rendered.claims.values() for table in tables_behind(claim)}


def test_nothing_can_be_fetched(browser: Browser, rendered: Rendered) -> None:
    """Even what a script asks for is refused before it leaves the machine."""
    page = browser.new_page()
    page.goto(rendered.path.as_uri())
    refused = page.evaluate(
        """() => new Promise(resolve => {
          document.addEventListener('securitypolicyviolation', event => resolve(event.blockedURI));
          fetch('https://deepcrit.invalid/data.json').catch(() => null);
        })"""
    )
    page.close()
    assert refused.startswith("https://deepcrit.invalid")


def test_scoreboard_sorts_by_click_and_by_key(visit: Visit, rendered: Rendered) -> None:
    """Papers, figures, verdicts and quantities come in their order, and in the opposite one the second time."""
    page = visit()
    board = rendered.scoreboard.set_index("claim")
    for name in ("Paper", "Figure", "Verdict", "Quantity"):
        heading(page, name).click()
        ascending = order(page)
        assert sorted(ascending) == sorted(board.index)
        values = [value for value, _ in groupby(board.loc[ascending, name.lower()])]
        assert len(values) == len(set(values)) > 1, f"equal values of {name} stand apart"
        if name == "Verdict":
            assert values == list(VERDICTS)
        if name == "Paper":
            assert values == sorted(values)
        if name == "Figure":
            numbers = [int(found[1]) for value in values if (found := re.match(r"Fig\. (\d+)", value))]
            assert numbers == sorted(numbers)
        assert page.locator("th[aria-sort=ascending]").inner_text() == name
        heading(page, name).focus()
        page.keyboard.press("Enter")
        assert page.locator("th[aria-sort=descending]").inner_text() == name
        assert [value for value, _ in groupby(board.loc[order(page), name.lower()])] == values[::-1]
    heading(page, "Ours").click()
    measured = board.loc[order(page), "measured"].astype(float)
    assert measured.is_monotonic_increasing, "numbers are ordered by their spelling"
    heading(page, "Published").click()
    published = board.loc[order(page), "published"].str.replace("\u2212", "-").str.extract(NUMBER, expand=False)
    known = published.dropna()
    assert known.astype(float).is_monotonic_increasing, "published numbers are ordered by the words around them"
    assert published[len(known) :].isna().all(), "what has no number does not stand last"


def test_scoreboard_filters(visit: Visit, rendered: Rendered) -> None:
    """Paper, verdict and words leave what they should, alone and together, and the count says how many."""
    page = visit()
    board = rendered.scoreboard
    count = page.locator("#shown")

    def check(expected: list[str]) -> None:
        assert shown(page) == expected
        assert count.inner_text() == f"{len(expected)} of {len(board)} shown"

    check(list(board["claim"]))
    paper = board["paper"].iloc[-1]
    of_paper = board[board["paper"] == paper]
    page.locator("#paper-filter").select_option(paper)
    check(list(of_paper["claim"]))
    page.locator("input[value=differs]").uncheck()
    left = of_paper[of_paper["verdict"] != "differs"]
    check(list(left["claim"]))
    page.locator("#search").fill("REASON 1")
    worded = left[left["reason"].str.startswith("reason 1")]
    found = shown(page)
    assert set(worded["claim"]) <= set(found) < set(left["claim"])
    assert count.inner_text() == f"{len(found)} of {len(board)} shown"
    page.locator("#search").fill("no such words anywhere")
    check([])
    page.locator("#search").fill(board["claim"].iloc[3])
    page.locator("#paper-filter").select_option("")
    assert board["claim"].iloc[3] in shown(page)


def test_counts_of_verdicts_lead_to_their_claims(visit: Visit, rendered: Rendered) -> None:
    """A count in the summary of a paper is that of its claims, and shows exactly those when it is followed."""
    page = visit()
    board = rendered.scoreboard
    for (paper, verdict), rows in board.groupby(["paper", "verdict"]):
        link = page.locator(f'.pick[data-paper="{paper}"][data-verdict="{verdict}"]')
        assert link.inner_text() == f"{VERDICTS[verdict][0]} {len(rows)} {verdict}"
        link.click()
        assert shown(page) == list(rows["claim"])


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_claims_lead_to_figure_rows_and_source(visit: Visit, rendered: Rendered, scripts: bool) -> None:
    """From a claim one gets to its figure, to the published value and its source, and to the rows behind it."""
    page = visit(java_script_enabled=scripts)
    with_evidence = [claim for claim in rendered.claims.values() if claim.parts()]
    for claim in with_evidence[:: len(with_evidence) // 3]:
        row = page.locator(f'[id="board:{claim.id}"]')
        row.locator("[data-label=Figure] a").click()
        figure = page.locator("section.figure:target")
        assert figure.locator("img").is_visible()
        assert figure.locator(f'[id="{claim.id}"]').count() == 1

        row.locator("[data-label=Quantity] a").click()
        assert page.locator(".evidence:target").is_visible()
        assert claim.statement in page.locator(".evidence:target").inner_text()

        row.locator("[data-label=Published] a").click()
        told = page.locator("dd:target")
        assert told.is_visible()
        assert claim.published in told.inner_text()
        assert claim.source in told.inner_text()

        row.locator("[data-label=Ours] a").click()
        judged = page.locator(".judged:target")
        assert judged.is_visible()
        assert judged.locator(".decides").count() > 0


def test_rows_shown_are_those_of_the_files(visit: Visit, rendered: Rendered) -> None:
    """Line by line and cell by cell, the rows that a claim is judged from are in the file, and are all it looks for."""
    shown_tables = iter(visit().locator(".judged table").evaluate_all(CELLS))
    in_page_order = visit().locator(".evidence").evaluate_all("all => all.map(one => one.id)")
    for claim in (rendered.claims[name] for name in in_page_order):
        for table in tables_behind(claim):
            headings, *rows = next(shown_tables)
            names, *lines = [
                line.split("\t")
                for line in (rendered.path.parent / f"{table}.tsv").read_text(encoding="utf-8").splitlines()
            ]
            in_file = {number: dict(zip(names, line, strict=True)) for number, line in enumerate(lines, start=2)}
            wanted = [
                single.where
                for part in claim.parts()
                if part.measure.table == table
                for _, single in part.measure.expanded()
            ]
            assert [int(row[0]) for row in rows] == [
                number for number, row in in_file.items() if any(_fits(row, where) for where in wanted)
            ]
            for number, *cells in rows:
                for name, cell in zip(headings[1:], cells, strict=True):
                    assert _same(in_file[int(number)][name], cell, 1e-5), f"{table}, line {number}, {name}"
    assert next(shown_tables, None) is None


def _fits(row: dict[str, str], where: Mapping[str, object]) -> bool:
    return all(_same(row[name], value, 1e-9) for name, value in where.items())


def _same(text: str, value: object, tolerance: float) -> bool:
    if text == str(value):
        return True
    try:
        return float(text) == pytest.approx(float(str(value)), rel=tolerance)
    except ValueError:
        return False


def test_a_link_shows_what_a_filter_hides(visit: Visit, rendered: Rendered) -> None:
    """The way back to a claim works though it is filtered away, and then all claims are there again."""
    page = visit()
    claim = next(iter(rendered.claims))
    page.locator("#search").fill("no such words anywhere")
    page.evaluate("where => { location.hash = where; }", f"board:{claim}")
    page.locator(f'[id="board:{claim}"]').wait_for(state="visible")
    assert len(shown(page)) == len(rendered.claims)


def test_page_is_read_without_scripts(visit: Visit, rendered: Rendered) -> None:
    """Without scripts everything is there but the controls, which would do nothing, and folded evidence unfolds."""
    page = visit(java_script_enabled=False)
    assert not page.locator(".controls").is_visible()
    assert page.locator("#scoreboard tbody tr:visible").count() == len(rendered.claims)
    assert page.locator("figcaption:visible").count() == len(FIGURES)
    claim = page.locator("details.claim").first
    assert not claim.locator(".evidence").is_visible()
    claim.locator("summary").click()
    assert claim.locator(".evidence").is_visible()


def test_no_screen_scrolls_sideways(visit: Visit) -> None:
    """Nothing reaches beyond the window, from phones to wide screens; wide tables scroll within their frames."""
    page = visit()
    page.evaluate(UNFOLD)
    for width in (320, 700, 1160, 1600):
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0, width


def test_columns_stay_apart(visit: Visit) -> None:
    """No text of a table runs into that of the next column, at any width of a window."""
    page = visit()
    page.evaluate(UNFOLD)
    for width in (700, 960, 1000, 1160, 1280, 1600):
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate(TOUCHING) == [], width


def test_contents_stay_in_reach(visit: Visit) -> None:
    """The contents stay at the edge of the window at every place; on a phone they are folded, and fold again."""
    page = visit("provenance")
    contents, link = page.locator("nav"), page.locator("nav a[href='#workflow']")
    assert contents.bounding_box()["y"] == 0
    assert link.is_visible()
    page.set_viewport_size({"width": 360, "height": 740})
    link.wait_for(state="hidden")
    assert contents.bounding_box()["y"] == 0
    contents.locator("summary").click()
    link.click()
    assert not link.is_visible()


def test_text_stands_out_from_its_ground(visit: Visit) -> None:
    """Every kind of text has the contrast that WCAG asks of small text, on light and on dark screens."""
    page = visit()
    page.evaluate(UNFOLD)
    kinds = (
        "p, li, h1, h2, h3, h4, th, td, dt, dd, a, code, button, summary, .soft, .interval, .meaning, legend, .count"
    )
    texts = page.locator(f":is({kinds}, .verdict, .shares > *)")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        contrasts = texts.evaluate_all(f"all => {{ const contrast = {CONTRAST}; return all.map(contrast); }}")
        assert len(contrasts) > 1000
        assert min(contrasts) >= 4.5, scheme


def test_verdicts_are_told_apart_without_colour(visit: Visit) -> None:
    """In grey a verdict is known by its sign and its word, in the scoreboard, in the summary and at the evidence."""
    page = visit()
    for name, (sign, _) in VERDICTS.items():
        for place in ("#scoreboard", ".tally", ".claim > summary"):
            assert page.locator(f"{place} .verdict").filter(has_text=name).first.inner_text() == f"{sign}{name}"
        assert page.locator(f".shares .{name.split()[0]}").first.inner_text() == sign
    assert len({sign for sign, _ in VERDICTS.values()}) == len(VERDICTS)


def test_paper_shows_what_is_folded_on_screen(visit: Visit) -> None:
    """In print the evidence unfolds, and what only serves the screen is left out."""
    page = visit()
    evidence = page.locator(".evidence").first
    assert not evidence.is_visible()
    page.emulate_media(media="print")
    assert evidence.bounding_box()["height"] > 50
    assert not page.locator(".controls").is_visible()
    assert not page.locator("nav").is_visible()


def test_links_headings_and_names_are_sound(rendered: Rendered) -> None:
    """The page is HTML without an error, names are unique, links lead somewhere, no level of headings is left out."""
    html5lib = pytest.importorskip("html5lib", reason="html5lib is not installed: make setup does it")
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(
        rendered.path.read_text(encoding="utf-8")
    )
    names = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(names) == len(set(names))
    links = {element.get("href") for element in tree.iter("a")}
    assert {link[1:] for link in links if link.startswith("#")} <= set(names)
    for link in links:
        assert link.startswith("#") or (rendered.path.parent / link).is_file(), link
    levels = [
        int(element.tag[1])
        for element in tree.iter()
        if isinstance(element.tag, str) and re.fullmatch(r"h\d", element.tag)
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
