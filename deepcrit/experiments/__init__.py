"""One folder an experiment: configuration, plan, tables, analysis and figure."""

from pathlib import Path

EXPERIMENTS = sorted(path.parent.name for path in Path(__file__).parent.glob("*/__init__.py"))
