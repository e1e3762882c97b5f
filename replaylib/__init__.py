"""replaylib: noisy recurrent networks that learn to path-integrate, and what they replay when the input is off.

The names that a user starts with stand in the stub beside this file, and are imported when they are first used:

from replaylib import Dynamics, PathIntegrator, TrackMotion, from_points, replay, train
"""

import lazy_loader

__version__ = "1.0.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
