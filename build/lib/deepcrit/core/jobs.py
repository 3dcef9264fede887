"""What Snakemake hands to a script, bound by name to the function that does the work."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from deepcrit.core.logs import log_to

# the parameters of a rule that say which code it runs; a function takes the digest only if it writes it down
SCRIPT, DIGEST = "script", "code"


def run(main: Callable[..., None], snakemake: Any) -> None:
    """Do a job: log to its file, and call ``main`` with what the rule names.

    Args:
        main: whose arguments have the names that the rule gives to its inputs, outputs and parameters.
        snakemake: the object that Snakemake puts into a script.

    Raises:
        TypeError: naming what the rule gives and ``main`` does not take, or the other way round.
    """
    log_to(snakemake.log[0])
    main(**arguments(main, snakemake))


def arguments(main: Callable[..., None], snakemake: Any) -> dict[str, Any]:
    """Arguments of ``main``, by name.

    Every named input, output and parameter is one, and files under one name are a list. Where ``main`` takes
    ``inputs`` or ``outputs``, these are all of them as a dictionary. Of wildcards, resources and the digest of the code
    it is given those that it takes; a wildcard of digits is a number. Inputs without a name are read by nothing that
    the script does itself.

    Raises:
        TypeError: as :func:`run`.
    """
    taken = inspect.signature(main).parameters
    given: dict[str, Any] = {}
    for kind in ("input", "output", "params"):
        items = getattr(snakemake, kind).items()
        named = {name: list(value) if isinstance(value, list) else value for name, value in items}
        if f"{kind}s" in taken:
            named = {f"{kind}s": named}
        twice = given.keys() & named.keys()
        if twice:
            raise TypeError(f"{snakemake.rule}: found {sorted(twice)} twice, expected one name for one thing")
        given |= named
    given.pop(SCRIPT, None)
    digest = {DIGEST: given.pop(DIGEST)} if DIGEST in given else {}
    wildcards = {name: int(text) if text.isdigit() else text for name, text in snakemake.wildcards.items()}
    free = {**dict(snakemake.resources.items()), **wildcards, **digest}
    given = {name: value for name, value in free.items() if name in taken} | given
    required = {name for name, argument in taken.items() if argument.default is argument.empty}
    missing, unknown = sorted(required - given.keys()), sorted(given.keys() - taken.keys())
    if missing or unknown:
        raise TypeError(
            f"{snakemake.rule}: expected the arguments of {main.__name__}, found none called {missing} "
            f"and unknown ones called {unknown}"
        )
    return given
