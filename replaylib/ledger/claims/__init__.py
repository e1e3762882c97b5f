"""The claims of the ledger: what each says, how it is measured, and which effects decide it."""

from replaylib.ledger.claims import decoding, exploration, mobility, momentum, planning, score, trainings
from replaylib.ledger.claims.base import Claim

_ALL = (
    *score.CLAIMS,
    *trainings.CLAIMS,
    *exploration.CLAIMS,
    *momentum.CLAIMS,
    *mobility.CLAIMS,
    *planning.CLAIMS,
    *decoding.CLAIMS,
)

CLAIMS: tuple[Claim, ...] = tuple(sorted(_ALL, key=lambda one: int(one.name[1:])))
"""The rows of the ledger, in order."""


def claim(name: str) -> Claim:
    """The claim of this name, C1 to C14. Raises ValueError where there is none."""
    for one in CLAIMS:
        if one.name == name:
            return one
    raise ValueError(f"claim must be one of {', '.join(one.name for one in CLAIMS)}, but {name!r} came.")
