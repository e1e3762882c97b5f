"""The recurrent network that integrates paths while awake and replays when its input is switched off."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn

from replaylib._checks import check_between, check_count, check_finite, check_shape
from replaylib.dynamics._noise import StepNoise
from replaylib.networks._sequence import Aim, Setting, Weights, Workspace, awake_error, awake_states
from replaylib.world.place_cells import PlaceCells
from replaylib.world.tasks import PathTask


@dataclass(frozen=True)
class NetworkSettings:
    """Settings of a PathIntegrator.

    outputs: numbers it reports. hidden: units. noise_std: sigma, recurrent noise per step [1].
    leak: lambda, share of the hidden state lost per step, in [0, 1] [1/step]; one number, or one for each unit.
    learn_leak: whether training changes the leak (which must then start strictly between 0 and 1).
    nonlinearity: "tanh" or "relu". symmetric: whether the recurrent weights are (W + W')/2, as a score demands.
    velocity_rms: scale by which the velocity is divided before it enters [m/step].

    Raises ValueError where a value lies outside its range.
    """

    outputs: int
    hidden: int = 64
    leak: float | tuple[float, ...] = 0.6
    learn_leak: bool = False
    nonlinearity: Literal["tanh", "relu"] = "tanh"
    symmetric: bool = True
    noise_std: float = 0.3
    velocity_rms: float = 1.0

    def __post_init__(self) -> None:
        check_count("outputs", self.outputs)
        check_count("hidden", self.hidden)
        leaks = self.leak if isinstance(self.leak, tuple) else (self.leak,)
        if len(leaks) not in (1, self.hidden):
            raise ValueError(f"leak must be one number or {self.hidden}, one for each unit, but {len(leaks)} came.")
        for leak in leaks:
            check_between("leak", leak, 0.0, 1.0)
            if self.learn_leak and leak in (0.0, 1.0):
                raise ValueError(f"a learned leak must start strictly between 0 and 1, but {leak!r} came.")
        if self.nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"nonlinearity must be 'tanh' or 'relu', but {self.nonlinearity!r} came.")
        check_between("noise_std", self.noise_std, 0.0, float("inf"))
        check_between("velocity_rms", self.velocity_rms, 0.0, float("inf"), open_low=True)


@dataclass(frozen=True, eq=False)
class NetworkDrift:
    """F(h) - h = -leak h + f(W h + b): the expected change of the hidden state in one step without input.

    A network that undoes its own noise makes it sigma^2 times the score. Equation: eq-drift.
    """

    recurrent: Float[Tensor, "n n"]
    bias: Float[Tensor, " n"]
    leak: Float[Tensor, "*per_unit"]
    nonlinearity: str

    @cached_property
    def _transposed(self) -> Float[Tensor, "n n"]:
        # Contiguous, which makes the product a few per cent faster than a transposed view.
        return self.recurrent.T.contiguous()

    @torch.no_grad()
    def __call__(self, hidden: Float[Tensor, "batch n"]) -> Float[Tensor, "batch n"]:
        """The drift at each state, as a new tensor."""
        activity = torch.addmm(self.bias, hidden, self._transposed)
        return _activate_(activity, self.nonlinearity).addcmul_(hidden, self.leak, value=-1)

    @torch.no_grad()
    def adapted(
        self, hidden: Float[Tensor, "batch n"], adaptation: Float[Tensor, "batch n"]
    ) -> Float[Tensor, "batch n"]:
        """-leak h + f(W h + b - a), the drift with adaptation inside the nonlinearity, as a new tensor."""
        activity = torch.addmm(self.bias, hidden, self._transposed).sub_(adaptation)
        return _activate_(activity, self.nonlinearity).addcmul_(hidden, self.leak, value=-1)


def _activate_(tensor: Tensor, nonlinearity: str) -> Tensor:
    return tensor.tanh_() if nonlinearity == "tanh" else tensor.relu_()


class PathIntegrator(nn.Module):
    """A noisy leaky recurrent network: hears velocities, reports positions or place-cell activity.

        h_0 = f(E y_0 + e)
        h'  = F(h, u) + sigma xi,    F(h, u) = (1 - lambda) h + f(W h + U u + b)
        y   = D h

    settings: see NetworkSettings. cells: the place cells it reports, if any.
    generator: source of the initial weights.
    Equation: eq-network, eq-awake.
    Source: the noisy path integrator of Krishna et al. (2024), ICLR, with the leak of arXiv:2602.18401.
    """

    def __init__(
        self, settings: NetworkSettings, cells: PlaceCells | None = None, generator: torch.Generator | None = None
    ) -> None:
        super().__init__()
        expected = len(cells.centres) if cells else 2
        if settings.outputs != expected:
            raise ValueError(f"outputs must be {expected} to match the cells, but {settings.outputs} came.")
        self.settings = settings
        self.cells = cells
        n, k = settings.hidden, settings.outputs
        self.recurrent = _uniform((n, n), n, generator)
        self.input = _uniform((n, 2), n, generator)
        self.bias = _uniform((n,), n, generator)
        self.encoder = _uniform((n, k), k, generator)
        self.encoder_bias = _uniform((n,), k, generator)
        self.decoder = _uniform((k, n), n, generator)
        leak = torch.tensor(settings.leak)
        self.leak_logit = nn.Parameter(torch.logit(leak)) if settings.learn_leak else None
        self._fixed_leak: Tensor
        self.register_buffer("_fixed_leak", leak, persistent=False)

    @classmethod
    def for_task(cls, task: PathTask, generator: torch.Generator | None = None, **settings: Any) -> "PathIntegrator":
        """An untrained network with the outputs, the place cells and the scale of velocity that ``task`` asks for.

        settings: fields of NetworkSettings by name; those of the task can be given as well.
        Raises ValueError where a value lies outside its range, TypeError where a name is unknown.
        """
        of_task = {"outputs": task.outputs, "velocity_rms": task.velocity_rms}
        return cls(NetworkSettings(**(of_task | settings)), task.cells, generator)

    @property
    def leak(self) -> Float[Tensor, "*per_unit"]:
        """lambda, share of the hidden state lost per step: a scalar, or one for each unit [1/step]."""
        return self._fixed_leak if self.leak_logit is None else torch.sigmoid(self.leak_logit)

    @property
    def recurrent_weights(self) -> Float[Tensor, "n n"]:
        """W, made symmetric where the settings say so."""
        return (self.recurrent + self.recurrent.T) / 2 if self.settings.symmetric else self.recurrent

    @property
    def drift(self) -> NetworkDrift:
        """The drift of replay, with the weights as they are now: ``network.drift(hidden)``."""
        return NetworkDrift(
            self.recurrent_weights.detach(), self.bias.detach(), self.leak.detach(), self.settings.nonlinearity
        )

    def initial(self, start: Float[Tensor, "batch outputs"]) -> Float[Tensor, "batch n"]:
        """Hidden state h_0 from the encoded start. Raises ValueError where its shape differs or it is not finite."""
        check_shape("start", start, ("batch", self.settings.outputs))
        check_finite("start", start)
        return _activate_(torch.addmm(self.encoder_bias, start, self.encoder.T), self.settings.nonlinearity)

    def wake(
        self,
        start: Float[Tensor, "batch outputs"],
        velocity: Float[Tensor, "batch steps 2"],
        generator: torch.Generator | None = None,
        noisy: bool = True,
    ) -> Float[Tensor, "batch times n"]:
        """Integrate ``velocity`` [m/step] from the encoded ``start``; hidden states at steps 0 to ``steps``.

        The noise of a path depends on the generator's state, the path's place in the batch and the step alone, as in
        ``simulate``. Two numbers are taken from ``generator``.
        Raises ValueError where a shape differs or a number is not finite.
        """
        path = self._path(start, velocity, generator, noisy)
        return awake_states(*path[:3], Setting(*path[3:])).transpose(0, 1)

    def error(
        self,
        start: Float[Tensor, "batch outputs"],
        velocity: Float[Tensor, "batch steps 2"],
        target: Float[Tensor, "batch steps outputs"],
        generator: torch.Generator | None = None,
        workspace: Workspace | None = None,
    ) -> Float[Tensor, ""]:
        """Mean squared error of what the awake network reports from step 1 on: what training lowers [m^2 or 1].

        The same as that of ``network(start, velocity, generator)``, at less cost. With ``workspace`` the memory of
        the last such call is used again, and only this call can be differentiated.
        Raises ValueError where a shape differs or a number is not finite.
        """
        check_shape("target", target, (len(start), velocity.shape[1], self.settings.outputs))
        path = self._path(start, velocity, generator, True)
        setting = Setting(*path[3:], workspace or Workspace())
        return awake_error(*path[:3], Aim(self.decoder, target), setting)

    def _path(
        self, start: Tensor, velocity: Tensor, generator: torch.Generator | None, noisy: bool
    ) -> tuple[Tensor, Tensor, Weights, StepNoise, str]:
        check_shape("velocity", velocity, (len(start), "steps", 2))
        check_finite("velocity", velocity)
        hidden = self.initial(start)
        weights = Weights(self.recurrent_weights, self.input, self.bias, self.leak.expand(len(self.bias)))
        noise = StepNoise(self.settings.noise_std if noisy else 0.0, hidden.detach(), velocity.shape[1], generator)
        inputs = velocity.transpose(0, 1) / self.settings.velocity_rms
        return hidden, inputs, weights, noise, self.settings.nonlinearity

    def forward(
        self,
        start: Float[Tensor, "batch outputs"],
        velocity: Float[Tensor, "batch steps 2"],
        generator: torch.Generator | None = None,
        noisy: bool = True,
    ) -> Float[Tensor, "batch steps outputs"]:
        """What the network reports after each step of ``wake``, coordinates [m] or place-cell activity [1]."""
        return self.readout(self.wake(start, velocity, generator, noisy)[:, 1:])

    def readout(self, hidden: Float[Tensor, "*batch n"]) -> Float[Tensor, "*batch outputs"]:
        """y = D h, coordinates [m] or place-cell activity [1]."""
        if hidden.ndim == 3 and hidden.transpose(0, 1).is_contiguous():
            # States of ``wake`` and ``simulate`` have time first in memory: in that order nothing is copied.
            return (hidden.transpose(0, 1) @ self.decoder.T).transpose(0, 1)
        return hidden @ self.decoder.T

    def decode(self, hidden: Float[Tensor, "*batch n"]) -> Float[Tensor, "*batch 2"]:
        """Position that the hidden state stands for [m]."""
        output = self.readout(hidden)
        return self.cells.decode(output) if self.cells else output


def _uniform(shape: tuple[int, ...], inputs: int, generator: torch.Generator | None) -> nn.Parameter:
    """Uniform weights within 1/sqrt(inputs), as in torch.nn.Linear but from the given generator."""
    return nn.Parameter((2 * torch.rand(shape, generator=generator) - 1) / inputs**0.5)
