"""What a configuration asks for: which samples at which widths, cut into which shards, and the paths they are kept at.

One module an experiment; what a rule takes as it stands in the configuration is not here. The rule files ask this
package; it computes nothing and reads nothing but the configuration. It is imported by the rule files and by what
estimates costs, by no script, so that a change here re-runs no job by itself.
"""

from deepcrit.app.plan.figures import FIGURES, PAPERS, drawn_by, experiment_of, paper_of
from deepcrit.app.plan.root import Plan, job, not_a_job, scaled_by_attempt
from deepcrit.core.keys import select_keys

__all__ = [
    "FIGURES", "PAPERS", "Plan", "drawn_by", "experiment_of", "job", "not_a_job", "paper_of", "scaled_by_attempt",
    "select_keys",
]  # fmt: skip
