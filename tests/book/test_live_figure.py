"""ReplayExplorer on the static page: no kernel, only the browser."""

import base64
import json
import re

import numpy as np
import pytest
import torch
from conftest import ROOT, SITE

from replaylib.dynamics._noise import StepNoise
from replaylib.dynamics.rule import Dynamics, simulate
from replaylib.explorer import ReplayExplorer

FOLDER = ROOT / "replaylib" / "explorer"
PAGE = "chapters/00_welcome"


@pytest.fixture(scope="module")
def explorer() -> ReplayExplorer:
    return ReplayExplorer()


def picture(page, part: str = "right") -> str:
    return page.eval_on_selector(f".replay-explorer [data-part={part}]", "(canvas) => canvas.toDataURL()")


def sentence(page) -> str:
    return page.locator("[data-part=sentence]").first.inner_text()


def steps(page) -> int:
    found = re.search(r"After (\d+) steps", sentence(page))
    return int(found[1]) if found else 0


def let_run(page, count: int) -> None:
    """Let time pass on the page until a figure that plays has made so many steps: a minute of it is enough for all."""
    for _ in range(60):
        if steps(page) >= count:
            return
        page.clock.run_for(1000)
    pytest.fail(f"{count} steps were expected within a minute, but the figure tells: {sentence(page)}")


def slide(page, part: str, value: float) -> None:
    page.locator(f"[data-part={part}]").first.evaluate(
        "(input, value) => { input.value = value; input.dispatchEvent(new Event('input', { bubbles: true })); }", value
    )


@pytest.fixture
def still(visit):
    """The welcome page for a reader who wants no motion: nothing moves by itself."""
    found = visit(PAGE, clock=True, reduced_motion="reduce")
    found.page.locator(".replay-explorer").first.scroll_into_view_if_needed()
    return found.page


@pytest.mark.parametrize("name", ["triangle-cells", "t-maze-cells", "rat"])
@pytest.mark.parametrize("mechanism", [(1.0, 0.0, 1.0), (0.3, 0.05, 40.0), (0.15, 0.2, 7.0)])
def test_javascript_step_is_simulate(visit, address, explorer, name, mechanism):
    friction, strength, time = mechanism
    scene, count = explorer.scenes[name], 200
    n = scene["hidden"]
    arrays = {
        key: torch.tensor(np.frombuffer(explorer.weights, "<f2", size, offset).astype(np.float64))
        for key, (offset, size) in scene["arrays"].items()
    }
    recurrent, decoder = arrays["recurrent"].reshape(n, n), arrays["decoder"].reshape(-1, n)
    start = arrays["starts"].reshape(-1, n)[:1]
    noise_std = scene["noise_std"] * friction**0.5

    def drift(h):
        return torch.tanh(h @ recurrent.T + arrays["bias"]) - arrays["leak"] * h

    dynamics = Dynamics(friction=friction, adaptation_strength=strength, adaptation_time=time, noise_std=noise_std)
    exact = simulate(drift, start, count, dynamics, torch.Generator().manual_seed(4))[0]
    noise = StepNoise(noise_std, start, count, torch.Generator().manual_seed(4)).fill_(start.new_empty(count, 1, n), 0)
    weight = (exact @ decoder.T).clamp(min=0) ** scene["exponent"]
    position = weight @ arrays["centres"].reshape(-1, 2) / weight.sum(-1, keepdim=True)

    page = visit(PAGE, url=f"{address(FOLDER)}/replay_explorer.css").page
    found = page.evaluate(
        """async ({ scene, weights, noise, dynamics }) => {
          const { readNetwork, startState, step, decode } = await import(new URL("dynamics.js", location.href));
          const bytes = Uint8Array.from(atob(weights), (one) => one.charCodeAt(0));
          const network = readNetwork(scene, new DataView(bytes.buffer));
          const state = startState(network.starts.subarray(0, network.n));
          const path = [decode(network, state.hidden)];
          for (const xi of JSON.parse(noise)) {
            step(network, dynamics, state, xi);
            path.push(decode(network, state.hidden));
          }
          return { hidden: Array.from(state.hidden), path };
        }""",
        {
            "scene": scene,
            "weights": base64.b64encode(explorer.weights).decode(),
            "noise": json.dumps(noise[:, 0].tolist()),  # as text, which crosses to the browser much faster
            "dynamics": {"friction": friction, "strength": strength, "time": time},
        },
    )
    assert np.abs(np.array(found["hidden"]) - exact[-1].numpy()).max() < 1e-4
    assert np.abs(np.array(found["path"]) - position.numpy()).max() < 1e-4


def test_javascript_noise_is_normal_and_seeded(visit, address):
    page = visit(PAGE, url=f"{address(FOLDER)}/replay_explorer.css").page
    draw = """async (seed) => {
      const { normalSource } = await import(new URL("dynamics.js", location.href));
      const normal = normalSource(seed); return [...normal(20001), ...normal(19999)];
    }"""
    first, again, other = (np.array(page.evaluate(draw, seed)) for seed in (1, 1, 2))
    assert (first == again).all()
    assert abs(np.corrcoef(first, other)[0, 1]) < 4 / 200
    assert abs(first.mean()) < 4 / 200
    assert abs(first.var() - 1) < 4 * (2 / 40_000) ** 0.5
    assert abs((first**4).mean() - 3) < 4 * (96 / 40_000) ** 0.5
    assert abs(np.corrcoef(first[:-1], first[1:])[0, 1]) < 4 / 200


def test_step_play_pause_reset_and_seed(still):
    assert "Press Play" in sentence(still)
    before = picture(still)
    still.get_by_role("button", name="Step").first.click()
    assert steps(still) == 1
    assert picture(still) != before
    still.get_by_role("button", name="Play").first.click()
    let_run(still, 61)
    assert steps(still) == 61
    still.get_by_role("button", name="Pause").first.click()
    held = steps(still)
    still.clock.run_for(3000)
    assert steps(still) == held
    still.get_by_role("button", name="Reset").first.click()
    assert picture(still) == before
    still.get_by_role("button", name="New seed").first.click()
    assert picture(still) != before


@pytest.mark.parametrize(
    ("part", "value"),
    [("noise", 2.5), ("adaptation_strength", 0.15), ("adaptation_time", 10), ("friction", 0.9)],
)
def test_a_moved_slider_changes_the_picture_the_text_and_the_address(still, part, value):
    still.get_by_role("button", name="Play").first.click()
    let_run(still, 120)
    assert steps(still) == 120
    still.get_by_role("button", name="Pause").first.click()
    before, label = picture(still), still.locator("[data-part=right]").first.get_attribute("aria-label")
    chart = picture(still, "chart")
    slide(still, part, value)
    still.wait_for_timeout(100)
    assert picture(still) != before
    assert picture(still, "chart") != chart
    assert steps(still) >= 120  # what the same steps would have been, at once
    assert f"{part}={value}" in still.url
    assert still.locator(f"[data-part={part}-value]").first.inner_text().startswith(str(value))
    after = still.locator("[data-part=right]").first.get_attribute("aria-label")
    assert "After" in after
    assert label != after or part == "noise"


def test_both_replays_share_state_and_noise(still):
    still.get_by_role("button", name="Plain").first.click()
    still.get_by_role("button", name="Play").first.click()
    let_run(still, 120)
    assert steps(still) == 120
    still.get_by_role("button", name="Pause").first.click()
    rows = [
        [still.locator(f"[data-part={name}-{side}]").first.inner_text() for name in ("regions", "landmarks", "window")]
        for side in (0, 1)
    ]
    assert rows[0] == rows[1]
    assert still.locator("[data-part=plain-1]").first.inner_text() == "1.0 ×"


def test_every_place_replays(still):
    for name in ("t-maze-cells", "rat", "triangle-cells"):
        still.locator("[data-part=task]").first.select_option(name)
        before = picture(still)
        still.get_by_role("button", name="Step").first.click()
        assert steps(still) == 1
        assert picture(still) != before


def test_works_by_keyboard_alone(still):
    still.locator("[data-part=task]").first.focus()
    order = [still.evaluate("document.activeElement.textContent || document.activeElement.dataset.part").strip()]
    for _ in range(14):
        still.keyboard.press("Tab")
        order.append(
            still.evaluate("document.activeElement.dataset.part || document.activeElement.textContent").strip()
        )
    assert order[1:] == [
        "Plain", "Adaptation", "Momentum", "Both", "Too much", "play", "step", "reset", "again",
        "noise", "adaptation_strength", "adaptation_time", "friction", "speed",
    ]  # fmt: skip
    still.locator("[data-part=friction]").first.focus()
    still.keyboard.press("ArrowLeft")
    assert still.locator("[data-part=friction-value]").first.inner_text() == "0.25 per step"
    still.locator("[data-part=step]").first.focus()
    still.keyboard.press("Enter")
    still.keyboard.press("Space")
    assert steps(still) == 2


def test_motion_starts_only_in_view_and_rests_outside(visit):
    page = visit(PAGE).page
    assert "Press Play" in sentence(page)
    figure = page.locator(".replay-explorer").first
    figure.scroll_into_view_if_needed()
    page.locator("[data-part=left]").first.scroll_into_view_if_needed()
    page.wait_for_function("/After \\d\\d/.test(document.querySelector('[data-part=sentence]').textContent)")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(400)
    held = steps(page)
    page.wait_for_timeout(500)
    assert steps(page) == held
    page.locator("[data-part=left]").first.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    assert steps(page) > held


def test_reduced_motion_starts_nothing(still):
    still.locator("[data-part=left]").first.scroll_into_view_if_needed()
    still.clock.run_for(3000)
    assert "Press Play" in sentence(still)


def test_a_link_carries_a_state_and_bad_ones_do_no_harm(visit, site):
    address = f"{site}/{PAGE}.html#task=t-maze-cells&seed=5&friction=0.5&noise=99&adaptation_time=abc"
    found = visit(PAGE, url=address, reduced_motion="reduce")
    page = found.page
    assert page.locator("[data-part=task]").first.input_value() == "t-maze-cells"
    assert page.locator("[data-part=friction]").first.input_value() == "0.5"
    assert page.locator("[data-part=noise]").first.input_value() == "1"
    assert page.locator("[data-part=adaptation_time]").first.input_value() == "40"
    assert found.console == []


def test_too_much_says_what_happened(still):
    still.get_by_role("button", name="Too much").first.click()
    for _ in range(12):
        still.get_by_role("button", name="Step").first.click()
    assert "adaptation with momentum" in sentence(still)
    assert not re.search("NaN|undefined|Infinity", still.locator(".replay-explorer").first.inner_text())


def test_works_from_a_file_with_no_server(visit):
    found = visit(PAGE, url=f"file://{SITE}/{PAGE}.html", reduced_motion="reduce")
    found.page.get_by_role("button", name="Step").first.click()
    assert steps(found.page) == 1
    assert found.outside == []


@pytest.mark.parametrize("width", [390, 1280])
def test_fits_the_screen(visit, width):
    page = visit(PAGE, width, reduced_motion="reduce").page
    box = page.locator(".replay-explorer").first.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    left, right = (page.locator(f"[data-part={part}]").first.bounding_box() for part in ("left", "right"))
    assert (right["y"] > left["y"] + 100) == (width == 390)
    for button in page.locator(".replay-explorer button").all():
        assert button.bounding_box()["height"] >= 32


def test_panels_that_need_a_kernel_say_so(visit):
    page = visit("chapters/02_path_integration").page
    assert "needs a running kernel" in page.locator(".needs-kernel").inner_text()


def speed_after(page, **settings: float) -> float:
    """How many times as fast as the awake animal the mechanism is, after 320 steps and more, as the sentence tells."""
    for part, value in settings.items():
        slide(page, part, value)
    slide(page, "speed", 10)
    page.locator("[data-part=reset]").first.click()
    page.locator("[data-part=play]").first.click()
    let_run(page, 320)
    page.locator("[data-part=play]").first.click()
    return float(re.search(r"moves ([\d.]+) times as fast", sentence(page))[1])


def test_exercise_on_noise_and_momentum_comes_out_of_the_figure(visit):
    page = visit("chapters/07_momentum", clock=True, reduced_motion="reduce").page
    page.locator(".replay-explorer").first.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('[data-part=sentence]')?.textContent.includes('Press Play')")
    noise = speed_after(page, friction=1, noise=2, adaptation_strength=0.05)
    momentum = speed_after(page, friction=0.3, noise=1, adaptation_strength=0.05)
    assert momentum > 1.5 * noise


def test_exercise_on_the_four_buttons_comes_out_of_the_figure(still):
    speeds = {}
    for name in ("Plain", "Adaptation", "Momentum", "Both"):
        still.locator(f"[data-preset='{name}']").first.click()
        speeds[name] = speed_after(still)
    assert max(speeds, key=speeds.get) == "Both"
    assert speeds["Both"] > 1.5 * speeds["Adaptation"] > speeds["Momentum"]
