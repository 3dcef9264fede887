"""Networks of stable weights: mean field, spectra of their Jacobians, the phase diagram, multifractality (qu2022)."""

from deepcrit.physics.heavytails.checks import SIGMOIDS, HeavyTailsError, Sigmoid
from deepcrit.physics.heavytails.meanfield import (
    fixed_point,
    gain_at,
    mean_power,
    next_pseudolength,
    ordered_gain,
    tail_constant,
)
from deepcrit.physics.heavytails.multifractality import (
    DimensionSpectrum,
    delocalised_dimensions,
    dimension_spectrum,
    dimensions,
    right_eigenvectors,
    stable_dimensions,
    stable_vectors,
)
from deepcrit.physics.heavytails.networks import (
    Distance,
    Pseudolengths,
    difference_growth,
    distance,
    eigenvalues,
    fitted_pseudolength,
    layerwise_jacobian,
    random_jacobian,
    simulate_pseudolengths,
)
from deepcrit.physics.heavytails.phases import (
    Averages,
    PhaseColumn,
    characteristic_gain,
    jacobian_averages,
    line_gain,
    phase_column,
)
from deepcrit.physics.heavytails.spectrum import Spectrum

__all__ = [
    "SIGMOIDS",
    "Averages",
    "DimensionSpectrum",
    "Distance",
    "HeavyTailsError",
    "PhaseColumn",
    "Pseudolengths",
    "Sigmoid",
    "Spectrum",
    "characteristic_gain",
    "delocalised_dimensions",
    "difference_growth",
    "dimension_spectrum",
    "dimensions",
    "distance",
    "eigenvalues",
    "fitted_pseudolength",
    "fixed_point",
    "gain_at",
    "jacobian_averages",
    "layerwise_jacobian",
    "line_gain",
    "mean_power",
    "next_pseudolength",
    "ordered_gain",
    "phase_column",
    "random_jacobian",
    "right_eigenvectors",
    "simulate_pseudolengths",
    "stable_dimensions",
    "stable_vectors",
    "tail_constant",
]
