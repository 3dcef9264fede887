"""Every subject of a shard measured, or the reason why not; one that fails stops no other."""

from __future__ import annotations

import logging
from collections.abc import Iterable

import pandas as pd
import torch

from deepcrit.data.fetch.wanted import FetchError
from deepcrit.experiments.zoo.measurement_cache import MeasurementCache
from deepcrit.experiments.zoo.schemas import DYNAMICS_INPUTS, DYNAMICS_STATUS
from deepcrit.physics.lyapunov.products import JacobianError
from deepcrit.pretrained.dynamics import OutputError, measure_network
from deepcrit.pretrained.images import ImageError
from deepcrit.pretrained.loading import Loader, LoadingError
from deepcrit.pretrained.sources import OWN
from deepcrit.pretrained.subjects import Subject

logger = logging.getLogger(__name__)

# what data, weights and networks are like; anything else may be an error of the program
EXPECTED = (FetchError, LoadingError, ImageError, OutputError, JacobianError, MemoryError)


class SurveyError(RuntimeError):
    """Nothing could be measured, for a reason that lies in the program."""


def survey(
    chosen: Iterable[Subject], loader: Loader, kept: MeasurementCache, tolerance: float, maximum_products: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measure some subjects.

    Args:
        chosen: which.
        loader: where their weights and inputs come from.
        kept: measurements that were made before, to which these are added.
        tolerance: see :func:`deepcrit.pretrained.dynamics.measure_network`.
        maximum_products: likewise.

    Returns:
        Schemas ``dynamics_inputs``, rows of those that could be measured, and ``dynamics_status``, a row each.

    Raises:
        SurveyError: if none was measured and one failed for no expected reason: what hits all networks alike is an
            error of the program and must not pass as missing data. Own models are their owner's program, and memory
            is what one network may need more of than another.
    """
    parts = [pd.DataFrame({column.name: [] for column in DYNAMICS_INPUTS.columns})]
    statuses = []
    unexpected: Exception | None = None
    for subject in chosen:
        reason = ""
        try:
            identity = loader.identity(subject)
            rows = kept.get(subject, identity)
            if rows is None:
                rows = _measured(subject, loader, tolerance, maximum_products)
                kept.put(subject, identity, rows)
            parts.append(rows)
            logger.info("%s, %s: measured", subject.model, subject.weights)
        except Exception as error:
            logger.exception("%s, %s: not measured", subject.model, subject.weights)
            reason = _reason(error)
            if not (isinstance(error, EXPECTED) or _out_of_memory(error)) and subject.source != OWN:
                unexpected = error
        statuses.append({**subject._asdict(), "measured": not reason, "reason": reason})
    if unexpected is not None and len(parts) == 1:
        raise SurveyError(f"no network was measured, and one failed without a known reason: {unexpected!r}") from (
            unexpected
        )
    return pd.concat(parts[1:] or parts, ignore_index=True), pd.DataFrame(
        statuses, columns=[column.name for column in DYNAMICS_STATUS.columns]
    )


def _measured(subject: Subject, loader: Loader, tolerance: float, maximum_products: int) -> pd.DataFrame:
    loaded = loader.load(subject)
    rows = measure_network(
        loaded.network.eval(), loaded.inputs, tolerance, maximum_products, loader.weights_seed(subject)
    )
    names = [loaded.classes[index] if index < len(loaded.classes) else "" for index in rows["top_class"]]
    return rows.assign(
        **subject._asdict(),
        images=loaded.images,
        accuracy=loaded.accuracy,
        parameters=sum(tensor.numel() for tensor in loaded.network.parameters()),
        modules=loaded.modules,
        top_class_name=names,
    )


def _reason(error: Exception) -> str:
    """The message on one line, with the kind of what was not expected."""
    if isinstance(error, FetchError):
        return "; ".join(f"{attempt.file}: {attempt.source}: {attempt.reason}" for attempt in error.attempts)
    message = " ".join(str(error).split())
    return message if isinstance(error, EXPECTED) and message else f"{type(error).__name__}: {message}"


def _out_of_memory(error: Exception) -> bool:
    """Whether torch ran out of memory, for which it has an exception on devices, and on the processor a message."""
    allocator = "DefaultCPUAllocator"
    return isinstance(error, torch.OutOfMemoryError) or (isinstance(error, RuntimeError) and allocator in str(error))
