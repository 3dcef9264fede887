"""A diagnosis as one page that fetches nothing."""

from __future__ import annotations

from deepcrit.diagnosis.measuring import Course
from deepcrit.diagnosis.pictures import course_picture, picture
from deepcrit.diagnosis.results import Diagnosis, Notion
from deepcrit.diagnosis.wording import facts, null_told, with_interval
from deepcrit.report.environment import data_uri, page_template, png_size


def diagnosis_page(diagnosis: Diagnosis) -> str:
    """The page of one network, as text."""
    return _page(diagnosis, {notion.name: picture(notion) for notion in diagnosis.notions}, ())


def course_page(course: Course) -> str:
    """The page of several checkpoints, as text: quantities against checkpoints, and the last one in words."""
    last = course.diagnoses[-1]
    pictures = {notion.name: course_picture(course, notion.name) for notion in last.notions}
    return _page(last, pictures, course.checkpoints)


def _page(diagnosis: Diagnosis, pictures: dict[str, bytes | None], checkpoints: tuple[str, ...]) -> str:
    return page_template("diagnosis.html").render(
        network=diagnosis.network,
        facts=facts(diagnosis),
        checkpoints=checkpoints,
        notions=[_shown(notion, pictures[notion.name]) for notion in diagnosis.notions],
    )


def _shown(notion: Notion, png: bytes | None) -> dict[str, object]:
    return {
        "name": notion.name,
        "title": notion.title,
        "reason": notion.reason,
        "image": data_uri(png, "image/png") if png else "",
        "size": png_size(png) if png else (0, 0),
        "quantities": [
            {
                "title": one.title,
                "value": "" if one.reason else with_interval(one),
                "method": f"{one.ci_method}, n = {one.n}" if one.ci_method else "",
                "nulls": [null_told(null) for null in one.nulls],
                "meaning": one.meaning,
                "reason": one.reason,
            }
            for one in notion.quantities
        ],
    }
