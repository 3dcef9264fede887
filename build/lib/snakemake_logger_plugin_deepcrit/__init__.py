"""``snakemake --logger deepcrit``: one line a job, as ``make`` shows it; Snakemake finds it by its name."""

from deepcrit.app.launch.progress import PlainHandler as LogHandler

__all__ = ["LogHandler"]
