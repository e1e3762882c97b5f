"""An answer that is a function, run so that nothing it does reaches the notebook."""

import copy
import ctypes
import threading
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch

from replaylib.exercises.coercion import UNTOUCHED, AnswerError, short
from replaylib.exercises.showing import shown

SECONDS = 10.0
"""Time limit of a check; the right answers need far less."""

OTHER_DRESS = (TypeError, RuntimeError, AttributeError, ValueError, KeyError)
"""What NumPy and torch raise at arrays of the other's kind, and at two precisions in one product."""


class _TooLong(BaseException):
    """Thrown into a check that runs too long; no learner's ``except Exception`` catches it."""


def _single(value: Any) -> Any:
    """Tensors in torch's own precision, as learners make them."""
    return value.float() if isinstance(value, torch.Tensor) and value.is_floating_point() else value


def _numpy(value: Any) -> Any:
    return value.numpy() if isinstance(value, torch.Tensor) else value


def _torch(value: Any) -> Any:
    return torch.from_numpy(value) if isinstance(value, np.ndarray) else value


def _dresses(arguments: Mapping[str, Any]) -> list[list[Any]]:
    """The arguments as the exercise has them, and then as a learner who thinks in another library expects them."""
    given = list(arguments.values())
    others: tuple[Callable[[Any], Any], ...] = ()
    if any(isinstance(one, torch.Tensor) for one in given):
        others = (_single, _numpy)
    elif any(isinstance(one, np.ndarray) for one in given):
        others = (_torch,)
    return [given, *([dress(one) for one in given] for dress in others)]


def call(function: Any, arguments: Mapping[str, Any]) -> Any:
    """The learner's function on its own copy of the arguments. Raises AnswerError with a sentence where that fails."""
    if function is ...:
        raise AnswerError(UNTOUCHED)
    if not callable(function):
        hint = " Give the function itself, without calling it." if np.isscalar(function) else ""
        raise AnswerError(f"Your answer must be a function, but {short(function)} came.{hint}")
    first: BaseException | None = None
    for dressed in _dresses(arguments):
        try:
            return function(*copy.deepcopy(dressed))
        except NotImplementedError:
            sentence = "Nothing to check yet: write your code in place of `raise NotImplementedError`."
            raise AnswerError(sentence) from None
        except _TooLong:
            raise
        except BaseException as error:  # an answer may raise anything, even SystemExit
            first = first or error
            if not isinstance(error, OTHER_DRESS):
                break
    place = f" with {text}" if (text := shown(arguments)) else ""
    raise AnswerError(f"Your function raised {told(first)}{place}.") from None


def told(error: BaseException | None) -> str:
    """An exception in one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split()).rstrip('.')[:150] or 'no message'}"


def within_time(work: Callable[[], str], seconds: float = SECONDS) -> str:
    """What ``work`` returns, or a sentence that says that it took too long. No warning of it reaches the notebook.

    It runs in a thread of its own, since signals work neither on Windows nor outside the main thread.
    """
    result: list[str] = []

    def run() -> None:
        try:
            result.append(work())
        except AnswerError as bad:
            result.append(str(bad))
        except _TooLong:
            pass
        except Exception as error:
            result.append(f"The answer could not be checked ({told(error)}).")

    worker = threading.Thread(target=run, daemon=True, name="check of an answer")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        worker.start()
        worker.join(seconds)
    if result:
        return result[0]
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(worker.ident or 0), ctypes.py_object(_TooLong))
    return f"Your answer was still running after {seconds:g} seconds. Is there a loop that never ends?"
