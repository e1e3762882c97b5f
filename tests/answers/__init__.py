"""Right and wrong answers to every exercise, in many styles, one module for each chapter."""

from importlib import import_module

_CHAPTERS = [import_module(f"answers.chapter_{chapter:02d}") for chapter in range(13)]

RIGHT = {name: answers for chapter in _CHAPTERS for name, answers in chapter.RIGHT.items()}
"""By exercise: answers that are right, each written in another style."""

WRONG = {name: answers for chapter in _CHAPTERS for name, answers in chapter.WRONG.items()}
"""By exercise: pairs of a wrong answer and words of the sentence that names its misconception."""
