"""Running the workflow from a terminal: resume what was interrupted, say how long it takes, show what came out.

Nothing here decides what is computed; ``snakemake --cores all all`` computes the same tables.
"""

from deepcrit.app.launch.ownership import HeldError
from deepcrit.app.launch.run import RunOptions, run_workflow

__all__ = ["HeldError", "RunOptions", "run_workflow"]
