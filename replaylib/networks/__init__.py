"""Networks that integrate paths: training, replay, linearisation, and pretrained ones."""

from replaylib.networks.gaussian_paths import gaussian_task, implied_score, mode_pulls, train_on_gaussian_path
from replaylib.networks.linearisation import (
    antisymmetric_share,
    drift_eigenvalues,
    jacobian,
    largest_safe_momentum,
    momentum_radius,
)
from replaylib.networks.network import NetworkDrift, NetworkSettings, PathIntegrator
from replaylib.networks.pretrained import RECIPES, Recipe
from replaylib.networks.replaying import Replay, awake_states, dream, replay, replay_noise
from replaylib.networks.rests import AdaptedRests, adapted_rests, median_stiffness, predicted_onset
from replaylib.networks.training import Trainer, TrainingSettings, decoding_error, held_out_loss, train

__all__ = [
    "RECIPES",
    "AdaptedRests",
    "NetworkDrift",
    "NetworkSettings",
    "PathIntegrator",
    "Recipe",
    "Replay",
    "Trainer",
    "TrainingSettings",
    "adapted_rests",
    "antisymmetric_share",
    "awake_states",
    "decoding_error",
    "dream",
    "drift_eigenvalues",
    "gaussian_task",
    "held_out_loss",
    "implied_score",
    "jacobian",
    "largest_safe_momentum",
    "median_stiffness",
    "mode_pulls",
    "momentum_radius",
    "predicted_onset",
    "replay",
    "replay_noise",
    "train",
    "train_on_gaussian_path",
]
