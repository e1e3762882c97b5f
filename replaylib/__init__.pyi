from .dynamics import Dynamics as Dynamics
from .dynamics import langevin as langevin
from .dynamics import simulate as simulate
from .networks import NetworkSettings as NetworkSettings
from .networks import PathIntegrator as PathIntegrator
from .networks import Trainer as Trainer
from .networks import TrainingSettings as TrainingSettings
from .networks import awake_states as awake_states
from .networks import decoding_error as decoding_error
from .networks import dream as dream
from .networks import pretrained as pretrained
from .networks import replay as replay
from .networks import replay_noise as replay_noise
from .networks import train as train
from .theory import LinearMode as LinearMode
from .theory import MarkovGaussian as MarkovGaussian
from .world import Arena as Arena
from .world import PathTask as PathTask
from .world import PlaceCells as PlaceCells
from .world import Recording as Recording
from .world import Track as Track
from .world import TrackMotion as TrackMotion
from .world import from_points as from_points
from .world import task as task

__version__: str
