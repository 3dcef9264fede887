"""Maximum-likelihood power laws on a declared range, with intervals, goodness of fit and alternatives."""

from deepcrit.avalanches.powerlaws.alternatives import ALTERNATIVE_LAWS as ALTERNATIVE_LAWS
from deepcrit.avalanches.powerlaws.alternatives import LawComparison as LawComparison
from deepcrit.avalanches.powerlaws.alternatives import compare_alternatives as compare_alternatives
from deepcrit.avalanches.powerlaws.clusters import FEW_CLUSTERS as FEW_CLUSTERS
from deepcrit.avalanches.powerlaws.clusters import ClusterInterval as ClusterInterval
from deepcrit.avalanches.powerlaws.clusters import cluster_bootstrap as cluster_bootstrap
from deepcrit.avalanches.powerlaws.clusters import effective_sample_size as effective_sample_size
from deepcrit.avalanches.powerlaws.continuous import fit_continuous as fit_continuous
from deepcrit.avalanches.powerlaws.discrete import fit_discrete as fit_discrete
from deepcrit.avalanches.powerlaws.goodness import GoodnessAtSize as GoodnessAtSize
from deepcrit.avalanches.powerlaws.goodness import GoodnessOfFit as GoodnessOfFit
from deepcrit.avalanches.powerlaws.goodness import goodness_continuous as goodness_continuous
from deepcrit.avalanches.powerlaws.goodness import goodness_discrete as goodness_discrete
from deepcrit.avalanches.powerlaws.likelihood import PowerLawFit as PowerLawFit
from deepcrit.avalanches.powerlaws.likelihood import exponent_from_sums as exponent_from_sums
from deepcrit.avalanches.powerlaws.ranges import MINIMUM_POINTS as MINIMUM_POINTS
from deepcrit.avalanches.powerlaws.ranges import compress as compress
from deepcrit.avalanches.powerlaws.samplers import sample_continuous as sample_continuous
from deepcrit.avalanches.powerlaws.samplers import sample_discrete as sample_discrete
from deepcrit.avalanches.powerlaws.straightness import local_exponents as local_exponents
from deepcrit.avalanches.powerlaws.straightness import straight_span as straight_span
from deepcrit.avalanches.powerlaws.xmin import XminScan as XminScan
from deepcrit.avalanches.powerlaws.xmin import log_spaced_candidates as log_spaced_candidates
from deepcrit.avalanches.powerlaws.xmin import scan_xmin as scan_xmin

__all__ = [
    "ALTERNATIVE_LAWS",
    "FEW_CLUSTERS",
    "MINIMUM_POINTS",
    "ClusterInterval",
    "GoodnessAtSize",
    "GoodnessOfFit",
    "LawComparison",
    "PowerLawFit",
    "XminScan",
    "cluster_bootstrap",
    "compare_alternatives",
    "compress",
    "effective_sample_size",
    "exponent_from_sums",
    "fit_continuous",
    "fit_discrete",
    "goodness_continuous",
    "goodness_discrete",
    "local_exponents",
    "log_spaced_candidates",
    "sample_continuous",
    "sample_discrete",
    "scan_xmin",
    "straight_span",
]
