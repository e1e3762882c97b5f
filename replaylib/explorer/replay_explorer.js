// ReplayExplorer: plain replay beside replay with adaptation and momentum, from the same state and the same noise.
// This file follows those of replay, drawing and controls in one module.

const STEPS = 600;
const HELD = 200; // milliseconds for which numbers and words stand still while the picture moves
const SLICE = 8; // milliseconds of a frame in which steps are made anew after a slider was moved
const SHARED = ["task", "seed", "noise", "adaptation_strength", "adaptation_time", "friction", "rescale_noise"];
const ENDS_AXIS = 1.1; // the chart's height over the track's greatest extent

// Greatest distance between two ends of walls [m]: replay rarely gets farther from its start.
function extentOf({ segments }) {
  const ends = segments.flatMap(([ax, ay, bx, by]) => [[ax, ay], [bx, by]]);
  return Math.max(...ends.flatMap((a) => ends.map((b) => distance(a, b))));
}

/** One figure on a page: its pictures, its controls, and the two replays. */
class ReplayFigure {
  constructor(el, model) {
    Object.assign(this, buildReplay(el, model), { model });
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.staticPage = !model.widget_manager;
    Object.assign(this, { speed: 3, playing: false, visible: false, touched: false, request: 0, cancel: clearTimeout });
    Object.assign(this, { told: -HELD, charted: true, highest: 0 });
    this.pictures = [this.parts.left, this.parts.right].map((canvas) => new TrackPicture(canvas));
    this.chart = new GrowingChart(this.parts.chart);
    this.announcer = new Announcer(this.parts.status);
  }

  start() {
    this.recall();
    this.listen();
    this.show();
    this.pair = new Pair(this.model);
    this.repaint();
    this.announce();
    this.endings = [watchLooks(this.root, () => this.repaint()), this.watchView()];
  }

  // Everything anew: for another size, theme, place or seed, or other settings.
  repaint() {
    this.colours = palette(this.root);
    const { plain, mechanism } = this.colours;
    this.pictures.forEach((picture, side) => picture.begin(this.pair.scene, [plain, mechanism][side], this.colours));
    this.highest = ENDS_AXIS * extentOf(this.pair.scene);
    this.beginChart();
    this.draw(true);
  }

  beginChart() {
    const { scene, runs } = this.pair;
    this.highest = Math.max(this.highest, ...runs.map((run) => 1.2 * Math.max(...run.values)));
    const awake = scene.awake_displacement.map((value, index) => [index * 10, value]).filter(([step]) => step <= STEPS);
    this.chart.begin({
      x: [0, STEPS], y: [0, this.highest], labels: ["steps", "metres from the start (dashed: the awake animal)"],
      colours: this.colours, lines: [{ points: awake, colour: this.colours.muted, dash: [6, 5] }],
    }, [this.colours.plain, this.colours.mechanism]);
  }

  // Pictures follow each frame, words and numbers only a few times a second: nobody can read them faster.
  draw(words = !this.playing) {
    const { pair, parts } = this;
    this.pictures.forEach((picture, side) => picture.draw(pair.runs[side]));
    if (this.charted || !this.playing) this.drawChart();
    write(parts.play, this.playing ? "Pause" : "Play");
    if (!words && performance.now() - this.told < HELD) return;
    this.told = performance.now();
    showNumbers(parts, pair, this.model);
  }

  drawChart() {
    if (this.pair.runs.some(({ values }) => values.at(-1) > this.highest)) this.beginChart();
    this.chart.follow(this.pair.runs.map(({ values }) => values));
  }

  announce() {
    this.announcer.now(`${describe(this.pair, this.model)} ${this.parts.mobility.textContent}`);
  }

  show() { showSettings(this, this.model, this.speed); }

  frame() {
    const { pair } = this;
    if (!this.root.isConnected) { this.stop(); return; }
    if (pair.renewed) this.renew();
    else {
      for (let i = 0; i < (this.calm.matches ? 60 : this.speed) && !pair.over(STEPS); i += 1) pair.advance();
      if (pair.over(STEPS)) this.playing = false;
      this.draw();
      if (!this.playing) this.announce();
    }
    this.schedule();
  }

  // Readers who want less motion see a new still picture each second instead of an animation.
  schedule() {
    const { calm, pair } = this;
    if (this.request || !(pair?.renewed || (this.playing && this.visible))) return;
    const run = () => { this.request = 0; this.frame(); };
    const slowly = calm.matches && !pair.renewed;
    this.request = slowly ? setTimeout(run, 1000) : requestAnimationFrame(run);
    this.cancel = slowly ? clearTimeout : cancelAnimationFrame;
  }

  unschedule() {
    const { cancel } = this; // the browser's own function, which must not be called as a method of ours
    cancel(this.request);
    this.request = 0;
  }

  stop() {
    this.playing = false;
    this.unschedule();
  }

  // The same steps under the settings of now. While they are made the picture stays, and further changes wait.
  change() {
    if (this.pair.renewed) { this.stale = true; return; }
    this.pair.beginAnew();
    this.renew();
  }

  renew() {
    if (this.pair.renew(SLICE)) {
      this.repaint();
      if (this.stale) { this.stale = false; this.pair.beginAnew(); }
      else this.announcer.later(`${describe(this.pair, this.model)} ${this.parts.mobility.textContent}`);
    }
    if (this.pair.renewed) this.unschedule();
    this.schedule();
  }

  // From the start: the same place and seed, or another.
  restart({ fresh = false } = {}) {
    if (fresh) this.pair = new Pair(this.model);
    else this.pair.restart();
    this.stale = false;
    this.repaint();
    this.announce();
    this.schedule();
  }

  put(values) {
    this.touched = true;
    for (const [name, value] of Object.entries(values)) this.model.set(name, value);
    this.model.save_changes();
  }

  // Another place or seed begins anew; other settings show at once what the same steps would have been.
  changed(name) {
    const anew = name === "task" || name === "seed";
    this.playing = this.playing || (anew && this.pair.over(STEPS));
    this.show();
    if (anew) this.restart({ fresh: name === "task" });
    else this.change();
    if (this.staticPage && this.touched) writeAddress(this.model, SHARED);
  }

  recall() {
    const numbers = sliders(this.model.get("book")).filter(({ name }) => SHARED.includes(name));
    const seed = { name: "seed", min: 0, max: 2 ** 31, whole: true };
    if (!this.staticPage || !readAddress(this.model, [...numbers, seed])) return;
    if (this.parts.more) this.parts.more.open = true;
    this.root.scrollIntoView({ block: "start" });
  }

  listen() {
    const { model, parts, root } = this;
    parts.task.addEventListener("change", () => this.put({ task: parts.task.value }));
    parts.rescale_noise.addEventListener("change", () => this.put({ rescale_noise: parts.rescale_noise.checked }));
    for (const { name } of sliders(model.get("book"))) {
      parts[name].addEventListener("input", () => this.slide(name, Number(parts[name].value)));
    }
    const settings = presets(model.get("book"));
    for (const button of root.querySelectorAll("[data-preset]")) {
      button.addEventListener("click", () => this.put(settings[button.dataset.preset]));
    }
    parts.play.addEventListener("click", () => this.playOrPause());
    parts.step.addEventListener("click", () => this.stepOnce());
    parts.reset.addEventListener("click", () => { this.stop(); this.restart(); });
    parts.again.addEventListener("click", () => this.put({ seed: model.get("seed") + 1 }));
    this.listeners = Object.fromEntries(SHARED.map((name) => [`change:${name}`, () => this.changed(name)]));
    for (const [event, listener] of Object.entries(this.listeners)) model.on(event, listener);
  }

  slide(name, value) {
    if (name === "speed") this.speed = value;
    else this.put({ [name]: value });
    this.show();
  }

  playOrPause() {
    this.touched = true;
    if (this.playing) {
      this.stop();
    } else {
      if (this.pair.over(STEPS)) this.restart();
      this.playing = true;
    }
    this.draw(true);
    if (!this.playing) this.announce();
    this.schedule();
  }

  stepOnce() {
    this.stop();
    if (!this.pair.over(STEPS)) this.pair.advance();
    this.draw();
    this.announce();
    this.schedule();
  }

  // Plays only in view, and first when seen, where motion is welcome; a chart that is not seen is not drawn.
  watchView() {
    const pictures = new IntersectionObserver(([{ isIntersecting }]) => {
      this.visible = isIntersecting;
      const first = !this.touched && !this.pair.steps && !this.calm.matches;
      if (isIntersecting && first && this.model.get("autoplay")) this.playing = true;
      this.schedule();
    }, { threshold: 0.1 });
    const chart = new IntersectionObserver(([{ isIntersecting }]) => {
      this.charted = isIntersecting;
      if (isIntersecting) this.drawChart();
    });
    pictures.observe(this.parts.left);
    chart.observe(this.parts.chart);
    return () => { pictures.disconnect(); chart.disconnect(); };
  }

  end() {
    this.stop();
    this.announcer.end();
    for (const ending of this.endings) ending();
    for (const [event, listener] of Object.entries(this.listeners)) this.model.off(event, listener);
  }
}

/** What anywidget asks of a widget's module: it renders `model` in `el`, and returns what ends it. */
export default {
  render({ model, el }) {
    const figure = new ReplayFigure(el, model);
    figure.start();
    return () => figure.end();
  },
};
