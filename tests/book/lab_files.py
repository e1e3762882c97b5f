"""Networks between the lab and the package, for tests of files and dreams."""

import base64

import torch
from maze_engine import flat, run_engine

from replaylib.networks import pretrained
from replaylib.networks.network import NetworkSettings, PathIntegrator
from replaylib.world.place_cells import PlaceCells

NETWORK = """
const bytes = Uint8Array.from(atob(data.file), (letter) => letter.charCodeAt(0));
const { network } = lab.readNetwork(bytes);
"""


def file_of(network, folder):
    """A network's file, as text in base64."""
    pretrained.save(network, folder / "network.safetensors")
    return base64.b64encode((folder / "network.safetensors").read_bytes()).decode()


READ = """
const fromText = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
return data.map(fromText).map((bytes) => {
  const before = performance.now();
  try {
    const { network, lab: kept } = lab.readNetwork(bytes);
    return { network, lab: kept, preset: lab.presetOf(network), took: performance.now() - before };
  } catch (error) {
    if (!(error instanceof lab.MazeError)) throw error;
    return { error: error.message, took: performance.now() - before };
  }
});
"""

NAMES = {"encoder_bias": "encoderBias"}


def read_by_lab(*files):
    return run_engine(READ, [base64.b64encode(bytes(file)).decode() for file in files])


def saved(network, folder):
    path = folder / "saved.safetensors"
    pretrained.save(network, path)
    return path.read_bytes()


def check_same(found, network):
    """The lab's network has the package's numbers, bit for bit."""
    for name, tensor in network.state_dict().items():
        assert torch.equal(flat(found, NAMES.get(name, name), *tensor.shape), tensor), name
    known = network.settings
    described = [found[name] for name in ("units", "outputs", "leak", "noise", "symmetric", "velocityRms")]
    assert described == [
        known.hidden,
        known.outputs,
        known.leak,
        known.noise_std,
        known.symmetric,
        known.velocity_rms,
    ]
    if network.cells is None:
        assert found["cells"] is None
    else:
        assert torch.equal(flat(found["cells"], "centres", *network.cells.centres.shape), network.cells.centres)
        assert (found["cells"]["width"], found["cells"]["exponent"]) == (network.cells.width, network.cells.exponent)


def small_network(generator, cells=True, **changes):
    centres = PlaceCells(torch.randn(5, 2, generator=generator), 0.3, 2.5) if cells else None
    settings = {"outputs": 5 if cells else 2, "hidden": 6, "leak": 0.25, "noise_std": 0.0, "velocity_rms": 0.0313}
    return PathIntegrator(NetworkSettings(**{**settings, **changes}), centres, generator)
