"""The run-time type checker of all tests: beartype, which here lets a whole number stand for a float, as mypy does."""

from beartype import BeartypeConf, beartype

checked = beartype(conf=BeartypeConf(is_pep484_tower=True))
