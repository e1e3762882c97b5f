"""Answers to the exercises of the bug museum."""

from typing import Any

from answers.museum_measuring import RIGHT as RIGHT_MEASURING
from answers.museum_measuring import WRONG as WRONG_MEASURING
from answers.museum_sampling import RIGHT as RIGHT_SAMPLING
from answers.museum_sampling import WRONG as WRONG_SAMPLING

RIGHT = RIGHT_SAMPLING | RIGHT_MEASURING

WRONG: dict[str, list[tuple[Any, str]]] = WRONG_SAMPLING | WRONG_MEASURING
