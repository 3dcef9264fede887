# In: variances of weights and biases. Out: steady signals, susceptibilities and critical lines of infinitely wide
# networks, and of simulated ones of finite width, for Fig. 3a, 3b and 5 of ghavasieh2025.


use rule numerics as compute_plane with:
    """Steady signal strength and susceptibilities over the plane of weight and bias variance."""
    output:
        table="results/mean_field/plane.tsv",
    pathvars:
        job="compute_plane",
    localrule: True
    params:
        **select_keys(config["mean_field"], "activation", "weight_variances", "log_bias_variances"),
        **job("mean_field/compute_plane"),


use rule numerics as locate_lines with:
    """The edge of chaos and the ridge of the weight susceptibility, and how deep correlations reach beside the edge."""
    output:
        lines="results/mean_field/critical_lines.tsv",
        depths="results/mean_field/correlation_depths.tsv",
    pathvars:
        job="locate_lines",
    params:
        **select_keys(config["mean_field"], "activation", "log_bias_variances", "correlation_depths"),
        **job("mean_field/locate_lines"),


use rule numerics as fit_critical_exponents with:
    """Critical exponents on declared ranges, and the errors of the closed forms that the paper prints."""
    output:
        exponents="results/mean_field/critical_exponents.tsv",
        closed_forms="results/mean_field/closed_forms.tsv",
    pathvars:
        job="fit_critical_exponents",
    localrule: True
    params:
        **select_keys(config["mean_field"], "activation", "excess_range", "field_range", "fit_points", "log_distances"),
        **job("mean_field/fit_critical_exponents"),


use rule numerics as find_landmarks with:
    """Single numbers of the plane: the critical point, orderings over bias variances, and where the ridge ends."""
    input:
        plane="results/mean_field/plane.tsv",
        lines="results/mean_field/critical_lines.tsv",
    output:
        table="results/mean_field/landmarks.tsv",
    pathvars:
        job="find_landmarks",
    localrule: True
    params:
        **select_keys(config["mean_field"], "activation", "excess_range"),
        **job("mean_field/find_landmarks"),


use rule numerics as simulate_finite_width with:
    """Steady states of networks of finite width on the plane, and where their edge of chaos and their ridge are."""
    output:
        table="results/mean_field/finite_width.tsv",
        lines="results/mean_field/finite_width_lines.tsv",
    pathvars:
        job="simulate_finite_width",
    params:
        **select_keys(config["mean_field"], "activation", "finite_width"),
        **job("mean_field/simulate_finite_width"),
        seed=config["seed"],


use rule numerics as simulate_pairs with:
    """How fast two inputs of one network of finite width come to their settled correlation."""
    output:
        table="results/mean_field/finite_width_decay.tsv",
    pathvars:
        job="simulate_pairs",
    params:
        **select_keys(config["mean_field"], "activation", "finite_pairs"),
        **job("mean_field/simulate_pairs"),
        seed=config["seed"],
