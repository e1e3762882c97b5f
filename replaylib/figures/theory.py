"""Figures of the chapters on theory: exact laws as lines, samples as points with their error."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from jaxtyping import Complex, Float
from matplotlib.axes import Axes
from matplotlib.patches import Circle
from matplotlib.ticker import NullFormatter
from torch import Tensor

from replaylib.figures.replays import ADAPTATION, AWAKE, MECHANISM, MOMENTUM, PLAIN, axes_grid
from replaylib.theory.markov_paths import MarkovGaussian
from replaylib.theory.mobility import adaptation_shrinkage

COLORS = (PLAIN, MECHANISM, ADAPTATION, MOMENTUM, AWAKE, "#E69F00")
Numbers = Sequence[float] | Float[np.ndarray, " points"] | Float[Tensor, " points"]


def curves(
    x: Numbers, lines: Mapping[str, Numbers], labels: tuple[str, str], ax: Axes | None = None, scale: str = "linear"
) -> Axes:
    """Lines over a common ``x``: ``lines`` maps a name to its values; "log" scales both axes, "logy" one."""
    ax = ax or axes_grid(1, 1, 5.5, 3.4)[0]
    for (name, values), color in zip(lines.items(), COLORS, strict=False):
        ax.plot(np.asarray(x), np.asarray(values), color=color, label=name)
    ax.set(xlabel=labels[0], ylabel=labels[1])
    if scale != "linear":
        ax.set_yscale("log")
    if scale == "log":
        ax.set_xscale("log")
        if len(x) < 10:  # few points are named; many leave the decades to matplotlib
            ax.set_xticks(np.asarray(x), minor=False)
            ax.xaxis.set_major_formatter("{x:g}")
        ax.xaxis.set_minor_formatter(NullFormatter())
    ax.legend(fontsize=8)
    return ax


def exact_beside_samples(
    x: Numbers,
    laws: Mapping[str, tuple[Numbers, Numbers, Numbers]],
    labels: tuple[str, str],
    ax: Axes | None = None,
) -> Axes:
    """Exact laws as lines, samples as points: ``laws`` maps a name to (exact, sampled, standard error).

    The band is two standard errors wide on either side of the exact law, so that 95 % of the points should lie in it.
    """
    ax = ax or axes_grid(1, 1, 5.5, 3.4)[0]
    for (name, law), color in zip(laws.items(), COLORS, strict=False):
        exact, sampled, error = (np.asarray(values) for values in law)
        ax.plot(x, exact, color=color, label=f"{name}, exact")
        ax.fill_between(x, exact - 2 * error, exact + 2 * error, color=color, alpha=0.25, linewidth=0)
        ax.plot(x, sampled, ".", color=color, label=f"{name}, samples")
    ax.set(xlabel=labels[0], ylabel=labels[1])
    ax.legend(fontsize=8)
    return ax


def moving_score(law: MarkovGaussian, times: Sequence[int], reach: float = 3.0) -> list[Axes]:
    """Densities of a one-dimensional code at several steps, and below each its score, which tilts with time."""
    h = torch.linspace(-reach, reach, 121, dtype=torch.float64)[:, None]
    top, bottom = axes_grid(2, 1, 5.8, 2.2)
    for t, color in zip(times, COLORS, strict=False):
        spread = law.hidden_covariance(t)[0, 0]
        density = torch.exp(-((h[:, 0] - law.mean(t)[0]) ** 2) / (2 * spread)) / (2 * torch.pi * spread).sqrt()
        top.plot(h[:, 0], density, color=color, label=f"step {t}")
        bottom.plot(h[:, 0], law.score(t, h)[:, 0], color=color)
    bottom.axhline(0, color="#c9ced3", linewidth=1, zorder=0)
    top.set(ylabel="density $p_t(h)$")
    bottom.set(xlabel="code $h$", ylabel=r"score $\nabla \log p_t(h)$")
    top.legend(fontsize=8)
    return [top, bottom]


def own_score(
    pulls: Mapping[str, tuple[Float[Tensor, " modes"], Float[Tensor, " modes"]]], ax: Axes | None = None
) -> Axes:
    """A point for each direction of awake states: what the drift undoes per step, and a step up their own score.

    ``pulls`` maps a name to both, as ``mode_pulls`` gives them. The curve k (2 - k) is a linear network with its own
    noise; on the dashed diagonal the drift would be the score itself.
    """
    ax = ax or axes_grid(1, 1, 4.2, 3.6)[0]
    k = np.linspace(0, 1, 101)
    ax.plot(k, k, "--", color="#9aa1a8", label="drift = own score")
    ax.plot(k, k * (2 - k), color=AWAKE, label="k (2 - k)")
    for (name, (drift, score)), color, mark in zip(pulls.items(), COLORS, "osD^vP", strict=False):
        ax.plot(np.asarray(drift), np.asarray(score), mark, color=color, label=name, markersize=4, alpha=0.6)
    ax.set(xlabel="undone by the drift, $k$", ylabel=r"step up the own score, $\sigma^2 / c$")
    ax.legend(fontsize=8)
    return ax


def eigenvalues_on_the_circle(modes: Mapping[str, Complex[np.ndarray, " modes"]], ax: Axes | None = None) -> Axes:
    """Eigenvalues in the complex plane, with the unit circle that stable ones lie in."""
    ax = ax or axes_grid(1, 1, 4.2, 4.2)[0]
    ax.add_patch(Circle((0, 0), 1, facecolor="#f0f1f3", edgecolor="#9aa1a8", zorder=0))
    for (name, values), color, mark in zip(modes.items(), COLORS, "osD^vP", strict=False):
        ax.plot(values.real, values.imag, mark, color=color, label=name, markersize=7)
    ax.set(xlabel="real part", ylabel="imaginary part", aspect="equal", xlim=(-1.15, 1.15), ylim=(-1.15, 1.15))
    ax.legend(fontsize=8, loc="lower left")
    return ax


def onset_curves(
    curves: Mapping[str, tuple[Numbers, Numbers, float]], labels: tuple[str, str], ax: Axes | None = None
) -> Axes:
    """What replay does against strength, and where it was predicted to begin, as a dashed line.

    ``curves`` maps a name to (strengths, values, predicted onset).
    """
    ax = ax or axes_grid(1, 1, 5.5, 3.4)[0]
    for (name, (strengths, values, predicted)), color in zip(curves.items(), COLORS[1:], strict=False):
        ax.plot(np.asarray(strengths), np.asarray(values), ".-", color=color, label=f"{name}, found")
        ax.axvline(predicted, color=color, linestyle="--", label=f"{name}, predicted onset")
    ax.set(xlabel=labels[0], ylabel=labels[1], xlim=(0, None), ylim=(0, None))
    ax.legend(fontsize=8, frameon=True, framealpha=1, edgecolor="white")
    return ax


def shrinking(
    kinds: Mapping[str, tuple[Numbers, Numbers, float]], labels: tuple[str, str], ax: Axes | None = None
) -> Axes:
    """Sizes of states at rest against strength: points as found, lines as ``adaptation_shrinkage`` predicts.

    ``kinds`` maps a name to (strengths, sizes over that without adaptation, stiffness of the size).
    """
    ax = ax or axes_grid(1, 1, 5.5, 3.4)[0]
    for (name, (strengths, sizes, stiffness)), color in zip(kinds.items(), COLORS, strict=False):
        every = np.linspace(0, max(strengths), 101)
        kept = [1 - adaptation_shrinkage(float(strength), stiffness) for strength in every]
        ax.plot(every, kept, color=color, label=f"{name}, predicted")
        ax.plot(np.asarray(strengths), np.asarray(sizes), "o", color=color, label=f"{name}, found")
    ax.set(xlabel=labels[0], ylabel=labels[1], xlim=(0, None), ylim=(0, 1.05))
    ax.legend(fontsize=8)
    return ax


def heat(
    x: Numbers,
    y: Numbers,
    values: Float[np.ndarray, "rows columns"],
    labels: tuple[str, str, str],
    ax: Axes | None = None,
) -> Axes:
    """Colours over two parameters, ``values`` [len(y), len(x)]; what is infinite stays white and is hatched.

    ``labels``: names of the horizontal axis, the vertical axis, and the colours.
    """
    ax = ax or axes_grid(1, 1, 5.0, 3.8)[0]
    ax.set_facecolor("white")
    ax.patch.set_hatch("//")
    ax.patch.set_edgecolor("#9aa1a8")
    shown = np.ma.masked_invalid(values)
    picture = ax.pcolormesh(np.asarray(x), np.asarray(y), shown, cmap="viridis", shading="nearest")
    ax.set(xlabel=labels[0], ylabel=labels[1])
    ax.figure.colorbar(picture, ax=ax, label=labels[2])
    return ax
