"""Maximum-likelihood exponents of sizes and durations of one sample at one width, and scans of xmin."""

from typing import Any

import numpy as np
import pandas as pd

from deepcrit.avalanches.observables import Observable, observables
from deepcrit.avalanches.powerlaws import (
    PowerLawFit,
    cluster_bootstrap,
    compress,
    effective_sample_size,
    fit_continuous,
    fit_discrete,
    local_exponents,
    log_spaced_candidates,
    scan_xmin,
    straight_span,
)
from deepcrit.avalanches.powerlaws.peer import PeerError, peer_fit, peer_scan
from deepcrit.avalanches.schemas import AVALANCHES, BLOCKS, EXPONENTS, STRAIGHT_SPANS, XMIN_SCAN
from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import read_parquet, write_tsv


def main(
    avalanches: str,
    blocks: str,
    outputs: dict[str, str],
    sample: str,
    width: int,
    fits: dict[str, Any],
    shared: bool,
    seed: int,
) -> None:
    """Fit the declared range, others beside it, and the range above the xmin of least KS distance.

    Where inputs share networks, networks are resampled; elsewhere avalanches are independent and the interval is
    that of the profile likelihood. The powerlaw package fits the same ranges, and chooses xmin among the same
    candidates; where it does not agree with us, the job fails.

    Raises:
        PeerError: where it does not.
    """
    point = {"sample": sample, "width": width}
    counts = read_parquet(blocks, BLOCKS)
    exponents, scans, spans = [], [], []
    for observable in observables(read_parquet(avalanches, AVALANCHES), width):
        name = observable.name
        values = np.sort(observable.values)
        (xmin, xmax), *others = ranges_of(name, fits)
        longest = fits["scan_longest"][name]
        candidates = log_spaced_candidates(values[values < longest], fits["scan_candidates"])
        if observable.discrete:
            distinct, number = compress(values)
            scan = scan_xmin(distinct, candidates, longest, counts=number)
        else:
            scan = scan_xmin(values, candidates, longest, assume_sorted=True)
        fitted = [("declared", xmin, xmax), ("scan", scan.xmin, longest), *(("other", *pair) for pair in others)]
        for label, low, high in fitted:
            fit = fit_range(observable, values, low, high, fits["confidence"])
            try:
                if label == "scan":
                    peer = peer_scan(values, scan.candidates, high, observable.discrete)
                else:
                    peer = peer_fit(values, low, high, observable.discrete)
            except PeerError as error:
                raise PeerError(f"{sample}, N = {width}, {label} range of {name}: {error}") from error
            rng = generator(seed_key(seed, "fit_power_laws", f"{sample}/N{width}/{name}", 0))
            exponents.append(
                {**point, "observable": name, "range": label, **vars(peer)}
                | interval(observable, fit, counts, fits, shared, rng)
            )
        rows = pd.DataFrame(
            {
                "xmin": scan.candidates,
                "exponent": scan.exponents,
                "standard_error": scan.standard_errors,
                "ks_distance": scan.ks_distances,
                "n": scan.n,
            }
        ).dropna()
        scans.append(rows.assign(**point, observable=name, xmax=longest))
        spans.append(
            {**point, "observable": name, **straight_row(values, observable.discrete, *fits["straight_within"])}
        )
    write_tsv(pd.DataFrame(exponents), outputs["exponents"], EXPONENTS)
    write_tsv(pd.concat(scans), outputs["xmin_scan"], XMIN_SCAN)
    write_tsv(pd.DataFrame(spans), outputs["straight_spans"], STRAIGHT_SPANS)


def ranges_of(name: str, fits: dict[str, Any]) -> list[tuple[float, float]]:
    """The declared range and the others; those of sizes go with those of durations, <S> growing as D^(3/2)."""
    if name == "duration":
        return [(low, high) for low, high in (fits["duration_range"], *fits["other_duration_ranges"])]
    start = fits["duration_range"][0]
    others = [[fits["size_range"][0] * (end / start) ** 1.5 for end in pair] for pair in fits["other_duration_ranges"]]
    return [(low, high) for low, high in (fits["size_range"], *others)]


def straight_row(ordered: np.ndarray, discrete: bool, strict: float, loose: float) -> dict[str, float]:
    """How far the distribution is straight, by the strict limit and, as the end of the interval, by the loose one."""
    local = local_exponents(ordered, discrete)
    straight, more = straight_span(local, strict), straight_span(local, loose)
    return {
        "within": strict,
        "loosely_within": loose,
        "xmin": straight.low,
        "xmax": straight.high,
        "decades": straight.decades,
        "most_decades": more.decades if more.ends_within else np.inf,
    }


def fit_range(observable: Observable, ordered: np.ndarray, xmin: float, xmax: float, confidence: float) -> PowerLawFit:
    """The fit of one observable on one range."""
    if observable.discrete:
        return fit_discrete(ordered, int(xmin), int(xmax), confidence)
    return fit_continuous(ordered, xmin, xmax, confidence, assume_sorted=True)


def interval(
    observable: Observable,
    fit: PowerLawFit,
    blocks: pd.DataFrame,
    fits: dict[str, Any],
    shared: bool,
    rng: np.random.Generator,
) -> dict[str, Any]:
    """A row of exponents: the fit, its interval, and what was censored."""
    launched, started, censored = (int(blocks[column].sum()) for column in ("launched", "started", "censored"))
    row: dict[str, Any] = {
        "xmin": fit.xmin,
        "xmax": fit.xmax,
        "exponent": fit.exponent,
        "standard_error": fit.standard_error,
        "ci_low": fit.ci_low,
        "ci_high": fit.ci_high,
        "ci_method": "profile likelihood",
        "ks_distance": fit.ks_distance,
        "n": fit.n,
        "clusters": len(blocks),
        "censored_of_launched": censored / launched,
        "censored_of_started": censored / started,
        "censored_of_kept": censored / (started - censored),
        "warning": "",
    }
    sums = observable.cluster_sums(fit.xmin, fit.xmax, len(blocks))
    row["effective_n"] = effective_sample_size(*sums, fit.xmin, fit.xmax, observable.discrete)
    if shared:
        resampled = cluster_bootstrap(
            *sums, fit.xmin, fit.xmax, observable.discrete, fits["bootstrap_replicates"], rng, fits["confidence"]
        )
        row |= {
            "standard_error": resampled.standard_error,
            "ci_low": resampled.ci_low,
            "ci_high": resampled.ci_high,
            "ci_method": f"{resampled.method} by network",
            "clusters": resampled.clusters,
            "warning": resampled.warning or "",
        }
    return row


if "snakemake" in globals():
    run(main, snakemake)
