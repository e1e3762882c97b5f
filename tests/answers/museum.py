"""Answers to the exercises of the bug museum."""

from answers.museum_measuring import RIGHT as RIGHT_MEASURING
from answers.museum_measuring import WRONG as WRONG_MEASURING
from answers.museum_sampling import RIGHT as RIGHT_SAMPLING
from answers.museum_sampling import WRONG as WRONG_SAMPLING

RIGHT = RIGHT_SAMPLING | RIGHT_MEASURING

WRONG = WRONG_SAMPLING | WRONG_MEASURING
