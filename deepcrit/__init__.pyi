"""What `import deepcrit` offers, by group.

A line here adds a name, which has an example in its docstring, and `make docs` shows it on docs/api.md.
"""

# A network of your own
from deepcrit.diagnosis import diagnose as diagnose

# Avalanches of random networks
from deepcrit.physics.propagation.spec import NetworkSpec as NetworkSpec
from deepcrit.physics.propagation.network import gaussian_inputs as gaussian_inputs
from deepcrit.physics.propagation.network import simulate_network as simulate_network
from deepcrit.physics.propagation.annealed import simulate_annealed as simulate_annealed
from deepcrit.physics.propagation.radial import simulate_radial as simulate_radial
from deepcrit.physics.propagation.transfer import transfer_law as transfer_law
from deepcrit.avalanches.offsets import drift_free_weight_variance as drift_free_weight_variance

# Power laws
from deepcrit.avalanches.powerlaws import sample_discrete as sample_discrete
from deepcrit.avalanches.powerlaws import sample_continuous as sample_continuous
from deepcrit.avalanches.powerlaws import fit_discrete as fit_discrete
from deepcrit.avalanches.powerlaws import fit_continuous as fit_continuous
from deepcrit.avalanches.powerlaws import scan_xmin as scan_xmin
from deepcrit.avalanches.powerlaws import compare_alternatives as compare_alternatives
from deepcrit.avalanches.powerlaws import goodness_discrete as goodness_discrete
from deepcrit.avalanches.powerlaws import goodness_continuous as goodness_continuous
from deepcrit.avalanches.powerlaws import cluster_bootstrap as cluster_bootstrap

# Scaling of avalanches
from deepcrit.avalanches.scaling import FitRanges as FitRanges
from deepcrit.avalanches.scaling import exponent_mismatch as exponent_mismatch
from deepcrit.avalanches.scaling import ProfileSums as ProfileSums
from deepcrit.avalanches.scaling import fit_collapse as fit_collapse

# Mean field
from deepcrit.physics.meanfield import steady_state as steady_state
from deepcrit.physics.meanfield import edge_of_chaos as edge_of_chaos
from deepcrit.physics.meanfield import ridge as ridge
from deepcrit.physics.meanfield import stable_correlation as stable_correlation
from deepcrit.physics.heavytails import ordered_gain as ordered_gain

# Lyapunov exponents
from deepcrit.physics.lyapunov.singular import largest_singular_values as largest_singular_values
from deepcrit.physics.lyapunov.exponent import lyapunov_exponent as lyapunov_exponent
from deepcrit.physics.lyapunov.differentiable import differentiable_exponents as differentiable_exponents

# Stable laws
from deepcrit.stats import stable as stable

# Mixed models
from deepcrit.stats.mixedmodels import fit_mixed_model as fit_mixed_model
from deepcrit.stats.mixedmodels import effect_rows as effect_rows

__version__: str
