import pytest
import torch

from replaylib._streams import LARGEST_SEED, Purpose, stream


def first(generator: torch.Generator) -> tuple[int, ...]:
    """Eight numbers of 62 bits: two streams that agree in these are one."""
    return tuple(torch.randint(2**62, (8,), generator=generator).tolist())


def test_purposes_seeds_and_seeds_set_by_hand_share_no_stream():
    seeds = [*range(200), 2**16, 2**29, LARGEST_SEED]
    streams = [first(stream(purpose, seed)) for purpose in Purpose for seed in seeds]
    by_hand = [first(torch.Generator().manual_seed(seed)) for seed in seeds]
    assert len({*streams, *by_hand}) == 3 * len(seeds)


def test_a_stream_begins_anew_each_time():
    assert first(stream(Purpose.TRAINING, 5)) == first(stream(Purpose.TRAINING, 5))


@pytest.mark.parametrize("seed", [-1, 2**30, 2**32, 2**63, 2**70, True])
def test_a_seed_of_which_bits_would_be_dropped_is_refused(seed):
    with pytest.raises(ValueError, match=r"seed must be a whole number .* but .* came"):
        stream(Purpose.TRAINING, seed)
