"""What the README promises in code runs as it stands there."""

import re
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"


def test_a_maze_of_ones_own_is_trained_and_dreams(capsys):
    block = re.search(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)[1]
    assert len(block.strip().splitlines()) <= 15
    # Trained for a minute in earnest; a few batches show that the words are right.
    names = {}
    exec(
        block.replace("train(network, maze)", "train(network, maze, TrainingSettings(iterations=5))").replace(
            "import Dynamics", "import TrainingSettings, Dynamics"
        ),
        names,
    )
    assert capsys.readouterr().out == "torch.Size([64, 601, 2])\n"
    assert len(names["plus"].landmarks) == 4
    assert names["maze"].outputs == 41
