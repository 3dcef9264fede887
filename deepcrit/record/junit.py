"""A comparison as JUnit XML, which services that run tests display."""

from __future__ import annotations

from pathlib import Path

from junitparser import Failure, JUnitXml, Skipped, TestCase, TestSuite

from deepcrit.core.tables import written_aside
from deepcrit.record.comparing import Compared

__all__ = ["write_junit"]


def write_junit(compared: Compared, path: Path) -> None:
    """One suite a paper and one case a claim, failed if its verdict was reproduced and no longer is.

    Claims that are not testable in the later outcome are skipped; other changes, and values that moved, are told in
    the output of their case.
    """
    lost = {change.claim: change for change in compared.lost}
    changed = {change.claim: change for change in compared.changed}
    document = JUnitXml("deepcrit compare")
    for paper in dict.fromkeys(claim.split(".")[0] for claim in compared.verdicts):
        suite = TestSuite(paper)
        for claim, (_, after) in compared.verdicts.items():
            if claim.split(".")[0] != paper:
                continue
            case = TestCase(claim.removeprefix(f"{paper}."), classname=paper)
            if claim in lost:
                failure = Failure(f"{lost[claim].before} -> {lost[claim].after}", type_="lost")
                failure.text = lost[claim].reason
                case.result = [failure]
            elif after == "not testable here":
                case.result = [Skipped(after)]
            told = [f"{change.before} -> {change.after}: {change.reason}" for change in [changed.get(claim)] if change]
            told += [f"{move.label}: {move.before} -> {move.after}" for move in compared.moved if move.claim == claim]
            if told:
                case.system_out = "\n".join(told)
            suite.add_testcase(case)
        document.add_testsuite(suite)
    with written_aside(path) as aside:
        document.write(str(aside), pretty=True)
