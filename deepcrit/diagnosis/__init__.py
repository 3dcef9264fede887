"""Where any torch network stands by every notion of criticality: `diagnose`, its results, its page."""

from deepcrit.diagnosis.measuring import Course, DiagnosisError, diagnose, diagnose_checkpoints
from deepcrit.diagnosis.results import Diagnosis, Notion, Null, Quantity

__all__ = [
    "Course",
    "Diagnosis",
    "DiagnosisError",
    "Notion",
    "Null",
    "Quantity",
    "diagnose",
    "diagnose_checkpoints",
]
