"""The exact law of one avalanche of the radial chain, at one width."""

from typing import Any

import numpy as np
import pandas as pd

from deepcrit.avalanches.schemas import TRANSFER
from deepcrit.core.jobs import run
from deepcrit.core.tables import write_parquet
from deepcrit.physics.propagation.spec import NetworkSpec
from deepcrit.physics.propagation.transfer import transfer_law


def main(table: str, spec: dict[str, Any], code: str) -> None:
    """Write P(D = n), P(D >= n) and E[S | D = n] for n below the depth; the last row's remainder is censored."""
    law = transfer_law(NetworkSpec(**spec))
    rows = pd.DataFrame(
        {
            "duration": np.arange(spec["depth"] + 1),
            "probability": np.append(law.probability, 0.0),
            "alive": law.alive,
            "mean_size": np.append(law.mean_size, 0.0),
        }
    )
    write_parquet(rows, table, TRANSFER, {"code_digest": code, "spec": str(spec)})


if "snakemake" in globals():
    run(main, snakemake)
