"""Chromium without a window, and the report that it opens."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from rendered import Rendered, render

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """The report, from invented tables."""
    return render(tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, in its sandbox unless it is started by root, whom the sandbox refuses.

    Its driver keeps an event loop running, beside which nothing else may plan: it ends with the module.
    """
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make setup does it")
    executable = _chromium()
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=executable, chromium_sandbox=os.geteuid() != 0)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, rendered: Rendered) -> Iterator[Callable[..., Page]]:
    """Open the report, at a fragment, in a context with these options.

    Whatever a test does with it, nothing but the file may have been asked for, and nothing may have gone wrong.
    """
    contexts, asked, complaints = [], [], []

    def open_report(fragment: str = "", **options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(rendered.path.as_uri() + (f"#{fragment}" if fragment else ""))
        return page

    yield open_report
    for context in contexts:
        context.close()
    assert {url.split("#")[0] for url in asked if not url.startswith("data:")} == {rendered.path.as_uri()}
    assert complaints == []


def _chromium() -> str:
    """Path of Chromium; where it is missing, root has Debian's installed, and for all others the test is skipped."""
    found = _installed()
    if found:
        return found
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        pytest.skip("Chromium is not installed, and only root of a Debian system has it installed by the test")
    for command in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        done = subprocess.run(["apt-get", "-qq", *command], capture_output=True, encoding="utf-8", check=False)
        if done.returncode != 0:
            pytest.skip(f"Chromium is not installed, and apt-get {command[0]} failed: {done.stderr.strip()[-300:]}")
    return _installed() or pytest.fail("apt-get installed chromium, which is not on the path")


def _installed() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)
