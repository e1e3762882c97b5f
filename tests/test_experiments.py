import pytest
import torch

from replaylib import pretrained
from replaylib.dynamics import Dynamics
from replaylib.experiments import compare, compression_by_friction, dream
from replaylib.replay import replay_noise
from replaylib.tasks import task


def test_dreams_with_one_seed_share_start_and_noise():
    network, place = pretrained.load("triangle"), task("triangle")
    plain = Dynamics(noise_std=replay_noise(network))
    first, again = (dream(network, place, plain, 3, 20, 4) for _ in range(2))
    assert torch.equal(first, again)
    other = dream(network, place, Dynamics(1.0, 0.1, 20, plain.noise_std), 3, 20, 4)
    assert torch.equal(first[:, 0], other[:, 0])
    assert torch.equal(first[:, 1], other[:, 1])  # adaptation is felt from the second step on
    assert not torch.equal(first[:, 2], other[:, 2])


def test_equal_conditions_give_equal_measures():
    rows = compare("triangle", lambda noise: {name: Dynamics(noise_std=noise) for name in "ab"}, 40, 4)
    assert rows["a"] == rows["b"]
    assert len(rows["a"]) == len(pretrained.seeds("triangle"))


def test_compression_is_relative_to_the_first_friction():
    found = compression_by_friction("triangle", 0.1, [1.0, 0.4], steps=300)
    assert found[0].mean == 1
    assert found[0].half_width == 0
    assert found[1].mean > 1.2


def test_unknown_task_is_refused():
    with pytest.raises(ValueError, match=r"task must be one of .* but 'moon' came"):
        compare("moon", lambda noise: {"plain": Dynamics(noise_std=noise)})
