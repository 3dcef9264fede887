"""A diagnosis as a terminal shows it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from deepcrit.diagnosis.measuring import Course
from deepcrit.diagnosis.results import Diagnosis, Notion, Quantity
from deepcrit.diagnosis.wording import facts, null_told, with_interval

_WIDTH = 100


def summary(diagnosis: Diagnosis) -> str:
    """Every quantity with its interval, its nulls and its sentence."""
    lines = [f"{name:<12}{value}" for name, value in facts(diagnosis).items()]
    for notion in diagnosis.notions:
        lines += ["", notion.title, *_notion(notion)]
    return "\n".join(lines)


def course_summary(course: Course) -> str:
    """The last checkpoint in full, after what every quantity was at each."""
    lines = []
    for notion in course.diagnoses[-1].notions:
        lines += [notion.title] if notion.quantities else []
        for quantity in notion.quantities:
            lines.append(f"  {quantity.title}")
            for name, diagnosis in zip(course.checkpoints, course.diagnoses, strict=True):
                there = {one.name: one for one in diagnosis[notion.name].quantities}
                value = there.get(quantity.name)
                told = diagnosis[notion.name].reason if value is None else value.reason or with_interval(value)
                lines += _wrapped(f"{name:<16}{told}", 4, 20)
    return "\n".join(
        [*lines, "", f"At the last checkpoint, {course.checkpoints[-1]}:", "", summary(course.diagnoses[-1])]
    )


def _notion(notion: Notion) -> Iterator[str]:
    if notion.reason:
        yield from _wrapped(f"not measured: {notion.reason}", 2, 4)
    alike: dict[str, list[Quantity]] = {}
    for quantity in notion.quantities:
        if quantity.reason:
            alike.setdefault(quantity.reason, []).append(quantity)
            continue
        yield from _wrapped(f"{quantity.title}: {with_interval(quantity)}", 2, 4)
        if quantity.nulls:
            yield from _wrapped("; ".join(map(null_told, quantity.nulls)), 6, 6)
        yield from _wrapped(quantity.meaning, 6, 6)
    for reason, several in alike.items():
        for quantity in several:
            yield from _wrapped(f"{quantity.title}: not measured", 2, 4)
        yield from _wrapped(reason, 6, 6)


def _wrapped(text: str, indent: int, rest: int) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=" " * indent, subsequent_indent=" " * rest)
