"""Criticality in deep networks, in five minutes: a script to read, and to run as a whole or cell by cell."""

# %% [markdown]
# # Criticality in deep networks, in five minutes
#
# A signal that enters a deep random network either dies within a few layers, or grows until it fills the network.
# Between the two it *crackles*: it lives for D layers and sums to a size S, both without a typical scale. This script
# makes such avalanches, measures their exponents, and looks at the same transition from three other sides: mean field,
# tails of weights, and Lyapunov exponents.
#
# `python examples/five_minutes.py` runs it, in seconds; editors that know `# %%` run it cell by cell.

# %%
import numpy as np
import torch

import deepcrit

rng = np.random.default_rng(2025)

# %% [markdown]
# ## 1. Avalanches
#
# Networks of 1000 layers of N = 500 tanh neurons, with Gaussian weights of variance sw2/N. Were they infinitely wide,
# sw2 = 1 would be critical. At finite width the logarithm of a weak signal is a random walk from layer to layer, and
# critical is the variance at which it has no drift. The *radial* sampler follows the strength of the signal alone, so
# that half a million inputs take seconds. An avalanche lives for the D layers in which the signal is stronger than the
# input was, and its size S is the sum of what it is stronger by.

# %%
N = 500
critical = deepcrit.drift_free_weight_variance("tanh", N)
network = deepcrit.NetworkSpec(width=N, depth=1000, weight_variance=critical)
block = deepcrit.simulate_radial(network, 500_000, rng, profile_range=(20, 100))
ended = ~block.censored
duration, size = block.duration[ended], block.size[ended]
print(f"1. Avalanches at sw2 = {critical:.4f}")
print(f"   {block.duration.size / block.launched:.0%} of {block.launched:,} inputs start one,")
print(f"   and {block.censored.mean():.1%} of these outlive all {network.depth} layers")

# %% [markdown]
# ## 2. Exponents
#
# P(D) ~ D^-tau_d and P(S) ~ S^-tau_s, by maximum likelihood on declared ranges: durations of 20 to 200 layers, and
# sizes between the mean sizes of these, so that both exponents tell of the same avalanches. A random walk first returns
# to where it began after D steps with a probability that falls as D^-3/2, so that tau_d tends to 3/2. On a finite range
# it is not there yet, which the exact law of the sampler shows, too: no sample is drawn for it.
#
# Whether a power law describes the data better than *other* laws is another question, asked of each rival by itself.

# %%
shortest, longest = 20, 200
smallest, largest = (float(size[duration == at].mean()) for at in (shortest, longest))
tau_d = deepcrit.fit_discrete(duration, shortest, longest)
tau_s = deepcrit.fit_continuous(size, smallest, largest)
law = deepcrit.transfer_law(network).probability
exact = np.log(law[shortest] / law[longest]) / np.log(longest / shortest)
print("2. Exponents, with 95% intervals")
print(f"   tau_d = {tau_d.exponent:.3f} [{tau_d.ci_low:.3f}, {tau_d.ci_high:.3f}]; exact {exact:.3f}, in the limit 3/2")
print(f"   tau_s = {tau_s.exponent:.3f} [{tau_s.ci_low:.3f}, {tau_s.ci_high:.3f}]; in the limit 4/3")
print("   power law, or another law, of durations?")
for rival in deepcrit.compare_alternatives(duration, shortest, longest, discrete=True):
    name, preferred = rival.alternative.replace("_", " "), rival.preferred.replace("_", " ")
    print(f"   - or {name}: {preferred}, p = {rival.p_value:.1g}")

# %% [markdown]
# ## 3. The crackling relation
#
# If all this comes from one scale, mean sizes grow as <S>(D) ~ D^gamma with gamma = (tau_d - 1) / (tau_s - 1), and
# profiles of avalanches of all durations are one shape at different scales. It is a test that power laws by accident do
# not pass. Both sides are measured on the same avalanches, and resampled together for the interval of what is between
# them.

# %%
ranges = deepcrit.FitRanges(shortest, longest, smallest, largest)
blocks = np.arange(size.size) % 50
relation = deepcrit.exponent_mismatch(duration, size, blocks, ranges, rng, n_blocks=50, replicates=500)
profiles = deepcrit.ProfileSums(20, 100, block.profile_sum[np.newaxis], block.profile_count[np.newaxis].astype(float))
ratio = (relation.tau_d - 1) / (relation.tau_s - 1)
verdict = "compatible with zero" if relation.ci_low < 0 < relation.ci_high else "not zero"
print("3. The crackling relation")
print(f"   (tau_d - 1) / (tau_s - 1) = {ratio:.2f}, gamma = {relation.gamma:.2f}")
print(f"   difference {relation.mismatch:+.3f} [{relation.ci_low:+.3f}, {relation.ci_high:+.3f}]: {verdict}")
print(f"   profiles collapse best at gamma = {deepcrit.fit_collapse(profiles).gamma_star:.2f}")

# %% [markdown]
# ## 4. Mean field
#
# In an infinitely wide network the variance q of the signal has a fixed point. Below sw2 = 1 it is zero; above, signals
# settle at q > 0, and chi_1 > 1 says that two inputs which differ a little are driven apart: chaos. With biases the two
# phases meet on a line, the edge of chaos.

# %%
print("4. Mean field, tanh, without biases")
for variance in (0.9, 1.0, 1.5):
    state = deepcrit.steady_state(variance, 0.0, "tanh")
    phase = "ordered" if state.chi_1 < 1 else "critical" if state.chi_1 == 1 else "chaotic"
    print(f"   sw2 = {variance}: q = {state.q:.3f}, chi_1 = {state.chi_1:.3f}, {phase}")
print(f"   edge of chaos at a bias variance of 0.05: sw2 = {deepcrit.edge_of_chaos(0.05, 'tanh')[0]:.3f}")

# %% [markdown]
# ## 5. Heavy tails
#
# Weights of trained networks are often heavier in their tails than any Gaussian. A symmetric stable law has an index
# alpha: 2 is the Gaussian, and below 2 tails fall as |w|^-(1 + alpha). The fit says alpha, the rival tells whether the
# data could not as well be Gaussian. With heavy tails the ordered phase ends at smaller gains.

# %%
weights = 0.02 * deepcrit.stable.sample(rng, 20_000, alpha=1.6)
stable = deepcrit.stable.fit(weights)
against = deepcrit.stable.compare(weights, stable, "normal")
print("5. Tails of 20,000 weights, drawn with alpha = 1.6")
print(f"   alpha = {stable.alpha:.2f} [{stable.alpha_low:.2f}, {stable.alpha_high:.2f}]; ", end="")
print(f"beside a normal law: {against.preferred}, p = {against.p_value:.1g}")
print(f"   the ordered phase ends at a gain of {deepcrit.ordered_gain(1.6):.2f}, of Gaussian weights at 1")

# %% [markdown]
# ## 6. Lyapunov exponents of a network that you have
#
# Any torch module: how fast the most sensitive direction of its input grows from layer to layer, ln s / L, with s the
# largest singular value of its Jacobian, which is never formed. Zero is critical. The same number is differentiable, so
# that training can be told to stay there.


# %%
def tanh_network(weight_variance: float, width: int = 100, depth: int = 30) -> torch.nn.Sequential:
    """Layers of tanh neurons with Gaussian weights of variance weight_variance / width."""
    layers: list[torch.nn.Module] = []
    for _ in range(depth):
        linear = torch.nn.Linear(width, width, bias=False)
        torch.nn.init.normal_(linear.weight, std=(weight_variance / width) ** 0.5)
        layers += [linear, torch.nn.Tanh()]
    return torch.nn.Sequential(*layers).eval()


torch.manual_seed(2025)
inputs = torch.randn(20, 100)
print("6. Largest Lyapunov exponents of 30 layers, over 20 inputs")
for variance in (0.5, 1.0, 3.0):
    found = deepcrit.largest_singular_values(tanh_network(variance), inputs)
    exponents = deepcrit.lyapunov_exponent(found.log_value, 30)
    print(f"   sw2 = {variance}: {exponents.mean():+.2f} +- {exponents.std():.2f} nat a layer")

# %% [markdown]
# ## From here
#
# docs/api.md lists everything that `import deepcrit` offers. The workflow re-runs four papers with the same functions:
# `make demo` takes two minutes.
