# In: indices of stability and gains. Out: fixed points, radial distributions of eigenvalues and phases of networks of
# stable weights, simulated ones beside them, for Fig. 2 of qu2022.


use rule numerics as measure_pseudolengths with:
    """Pseudolengths of simulated networks of stable weights, beside the fixed points of the map."""
    output:
        table="results/levy_mean_field/pseudolengths.tsv",
    pathvars:
        job="measure_pseudolengths",
    params:
        **job("levy_mean_field/measure_pseudolengths"),
        pseudolengths=config["levy_mean_field"]["pseudolengths"],
        seed=config["seed"],


use rule numerics as measure_eigenvalues with:
    """Radial distributions of cavity theory, and eigenvalues of simulated Jacobians W D beside them."""
    output:
        densities="results/levy_mean_field/radial_densities.tsv",
        drawn="results/levy_mean_field/drawn_eigenvalues.tsv",
        matrices="results/levy_mean_field/matrix_spectra.tsv",
        tails="results/levy_mean_field/spectral_tails.tsv",
    pathvars:
        job="measure_eigenvalues",
    resources:
        mem_mb=plan.megabytes("measure_eigenvalues"),
        runtime=plan.minutes("measure_eigenvalues"),
    params:
        **job("levy_mean_field/measure_eigenvalues"),
        spectra=config["levy_mean_field"]["spectra"],
        seed=config["seed"],


use rule numerics as compute_phases with:
    """Ordered lines, and where averages over eigenvalues of Jacobians beat those at the line."""
    input:
        later="published/qu2022_later_edge.tsv",
    output:
        lines="results/levy_mean_field/ordered_lines.tsv",
        diagram="results/levy_mean_field/phase_diagram.tsv",
        boundaries="results/levy_mean_field/phase_boundaries.tsv",
    pathvars:
        job="compute_phases",
    resources:
        mem_mb=plan.megabytes("compute_phases"),
        runtime=plan.minutes("compute_phases"),
    params:
        **select_keys(config["levy_mean_field"], "alphas", "gains", "log_powers", "shifted_powers"),
        **job("levy_mean_field/compute_phases"),


use rule numerics as find_levy_landmarks with:
    """Single numbers of mean field and of the phase diagram: limits, constants, and the size of the extended region."""
    input:
        boundaries="results/levy_mean_field/phase_boundaries.tsv",
    output:
        table="results/levy_mean_field/levy_landmarks.tsv",
    pathvars:
        job="find_levy_landmarks",
    params:
        **job("levy_mean_field/find_levy_landmarks"),
        samples=config["levy_mean_field"]["samples"],
        seed=config["seed"],
