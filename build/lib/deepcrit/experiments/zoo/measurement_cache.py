"""Measurements kept as soon as they are made, so that a killed job loses one at most, and a later one needs none."""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path

import pandas as pd

from deepcrit.core.tables import written_aside
from deepcrit.pretrained.subjects import Subject

logger = logging.getLogger(__name__)


class MeasurementCache:
    """A directory of measurements, each with a digest of all that it was made from.

    Args:
        directory: where they are; it outlives the jobs.
        made_from: what all of them share: settings, code and versions.
    """

    def __init__(self, directory: Path, made_from: str) -> None:
        self._directory = directory
        self._made_from = made_from

    def get(self, subject: Subject, identity: str) -> pd.DataFrame | None:
        """The rows of a subject, or None if there are none that were made from the same."""
        path = self._path(subject)
        if not path.is_file():
            return None
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (json.JSONDecodeError, UnicodeDecodeError):
            logger.warning("%s is damaged, and made again", path)
            return None
        if found["digest"] != self._digest(identity):
            return None
        logger.info("%s, %s: kept from before", subject.model, subject.weights)
        return pd.DataFrame(found["rows"])

    def put(self, subject: Subject, identity: str, rows: pd.DataFrame) -> None:
        """Keep the rows of a subject, written aside and renamed."""
        content = {"digest": self._digest(identity), "rows": rows.to_dict("records")}
        with written_aside(self._path(subject)) as aside:
            aside.write_text(json.dumps(content), encoding="utf-8")

    def _path(self, subject: Subject) -> Path:
        return self._directory / f"{subject.source}-{subject.model}-{subject.weights}.json"

    def _digest(self, identity: str) -> str:
        return hashlib.sha256(f"{self._made_from}\n{identity}".encode()).hexdigest()[:16]
