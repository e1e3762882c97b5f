"""A panel that trains a network under the reader's hand; it needs a running kernel."""

import asyncio
import base64
import io
from dataclasses import replace

import ipywidgets
import matplotlib.pyplot as plt

from replaylib import figures
from replaylib.networks.pretrained import RECIPES
from replaylib.networks.training import Trainer, decoding_error
from replaylib.world.motion import TrackMotion
from replaylib.world.spaces import triangle
from replaylib.world.tasks import PathTask

BURST = 20
"""Iterations between two looks at the buttons."""


class TrainingPanel:
    """Sliders for leak, noise and pauses, the buttons Train and Stop, and a loss curve that grows.

    iterations: length of a whole training. ``widget`` is what a notebook shows; curves of earlier trainings stay.
    """

    def __init__(self, iterations: int = 600) -> None:
        self._settings = replace(RECIPES["triangle"].training, iterations=iterations)
        self.losses: dict[str, list[float]] = {}
        self.running: asyncio.Task[None] | None = None
        wide = {"style": {"description_width": "5em"}, "layout": {"width": "26em"}}
        self.leak = ipywidgets.FloatSlider(0.6, min=0, max=1, step=0.05, description="leak", **wide)
        self.noise = ipywidgets.FloatSlider(0.3, min=0, max=1, step=0.05, description="noise", **wide)
        self.pauses = ipywidgets.FloatSlider(0.05, min=0, max=0.2, step=0.01, description="pauses", **wide)
        self.train = ipywidgets.Button(description="Train", button_style="primary")
        self.stop = ipywidgets.Button(description="Stop", disabled=True)
        self.progress = ipywidgets.IntProgress(0, 0, iterations, description="iterations", **wide)
        self.message = ipywidgets.HTML("Choose settings and press Train.")
        self.curve = ipywidgets.HTML()
        self.train.on_click(lambda _: self.start())
        self.stop.on_click(lambda _: self.running and self.running.cancel())
        controls = [self.leak, self.noise, self.pauses, ipywidgets.HBox([self.train, self.stop]), self.progress]
        self.widget = ipywidgets.VBox([*controls, self.message, self.curve])

    def start(self) -> None:
        """Begin a training with the settings of the sliders, in the notebook's event loop."""
        self.running = asyncio.ensure_future(self.run())

    async def run(self) -> None:
        """Train in short bursts, so that the buttons are heard in between."""
        leak, noise, pauses = self.leak.value, self.noise.value, self.pauses.value
        place = triangle()
        path_task = PathTask(TrackMotion(place, stop=pauses), place)
        network = RECIPES["triangle"].network(path_task, seed=0, leak=leak, noise_std=noise)
        trainer = Trainer(network, path_task, self._settings)
        name = f"leak {leak:g}, noise {noise:g}, pauses {pauses:g}"
        self.losses[name] = trainer.losses
        self.train.disabled, self.stop.disabled = True, False
        try:
            while not trainer.done:
                for _ in range(min(BURST, self._settings.iterations - len(trainer.losses))):
                    trainer.step()
                self.progress.value = len(trainer.losses)
                self.message.value = f"{name}: loss {trainer.losses[-1]:.4f}"
                self._draw()
                await asyncio.sleep(0)
        except asyncio.CancelledError:
            self.message.value = f"Stopped after {len(trainer.losses)} iterations; what was learned is kept."
        else:
            self.message.value = f"{name}: decoding error {decoding_error(network, path_task):.3f} m"
        finally:
            self.train.disabled, self.stop.disabled = False, True
            self.network = network

    def _draw(self) -> None:
        latest = dict(list(self.losses.items())[-4:])
        figure, axes = plt.subplots(figsize=(5.5, 3), layout="constrained")
        figures.loss_curves(latest, axes)
        picture = io.BytesIO()
        figure.savefig(picture, format="png")
        plt.close(figure)
        alt = "; ".join(f"{name}: loss {losses[-1]:.4f}" for name, losses in latest.items())
        encoded = base64.b64encode(picture.getvalue()).decode()
        self.curve.value = f'<img alt="Loss against iteration. {alt}" src="data:image/png;base64,{encoded}">'
