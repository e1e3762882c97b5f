"""Right and wrong answers to every exercise, in many styles, one module for each chapter."""

from importlib import import_module

_NAMES = (*(f"chapter_{chapter:02d}" for chapter in range(13)), "museum")

_CHAPTERS = [import_module(f"answers.{name}") for name in _NAMES]

RIGHT = {name: answers for chapter in _CHAPTERS for name, answers in chapter.RIGHT.items()}
"""By exercise: answers that are right, each written in another style."""

WRONG = {name: answers for chapter in _CHAPTERS for name, answers in chapter.WRONG.items()}
"""By exercise: pairs of a wrong answer and words of the sentence that names its misconception."""
