// SpikeRace: spikes appear, and four motions race to explain them.
// This file follows those of replay, drawing, controls and decoding, race_event.js and race_view.js in one module.

const SHOWN = 100; // milliseconds for which a window is shown: 25 times as long as it lasts
const HELD = 200; // milliseconds for which numbers and words stand still
const SLICE = 8; // milliseconds of a frame in which an event is made
const TOLD = 10; // windows from one spoken sentence to the next, and from one still picture to the next
const SETTINGS = ["path", "friction", "spikes", "seed"];

/** One figure on a page. */
class RaceFigure {
  constructor(el, model) {
    Object.assign(this, buildRace(el, model.get("decoding")), { model });
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    Object.assign(this, { guess: "", event: null, making: null, playing: false, request: 0, due: 0, told: -HELD });
    this.events = new Events(model);
    this.picture = new TrackPicture(this.parts.track);
    this.raster = new Raster(this.parts.raster);
    this.announcer = new Announcer(this.parts.status);
    this.listen();
    this.show();
    this.unwatch = watchLooks(this.root, () => this.repaint());
    this.repaint();
  }

  get windows() { return this.model.get("decoding").windows; }

  get over() { return this.event?.counts.length === this.windows; }

  listen() {
    const { parts, model } = this;
    parts.guesses.addEventListener("change", ({ target }) => this.predict(target.value));
    parts.path.addEventListener("change", () => this.put("path", parts.path.value));
    for (const name of ["friction", "spikes"]) {
      parts[name].addEventListener("input", () => this.put(name, Number(parts[name].value)));
    }
    parts.play.addEventListener("click", () => this.startOrPause());
    parts.again.addEventListener("click", () => this.again());
    this.listeners = Object.fromEntries(SETTINGS.map((name) => [`change:${name}`, () => this.changed(name)]));
    for (const [event, listener] of Object.entries(this.listeners)) model.on(event, listener);
  }

  put(name, value) {
    this.model.set(name, value);
    this.model.save_changes();
  }

  // Another path asks for another guess; everything else only for another start.
  changed(name) {
    if (name === "path") this.forget();
    this.reset();
  }

  forget() {
    this.guess = "";
    for (const radio of this.parts.guesses.querySelectorAll("input")) radio.checked = false;
  }

  // After the end a guess is one about another event.
  predict(kind) {
    this.guess = kind;
    if (this.over) this.put("seed", this.model.get("seed") + 1);
    this.show();
    this.draw();
  }

  // Back to before the first window.
  reset() {
    this.pause();
    Object.assign(this, { event: null, making: null });
    this.show();
    this.repaint();
  }

  startOrPause() {
    if (!this.guess) {
      this.announcer.now("");
      this.announcer.now(describeRace(null, "", this.model));
      this.parts.guesses.querySelector("input").focus();
      return;
    }
    if (this.playing) {
      this.pause();
      this.tell();
    } else {
      if (this.over) this.reset();
      this.play();
    }
    this.show();
    this.draw();
  }

  // The same settings with other noise, and the guess of before: it starts at once where there is one.
  again() {
    this.put("seed", this.model.get("seed") + 1);
    this.startOrPause();
  }

  play() {
    this.playing = true;
    this.making ??= this.event ? null : this.events.make();
    this.due = performance.now();
    this.schedule();
  }

  pause() {
    this.playing = false;
    cancelAnimationFrame(this.request);
    this.request = 0;
  }

  schedule() {
    if (!this.request && this.playing) this.request = requestAnimationFrame(() => { this.request = 0; this.frame(); });
  }

  // One window at most in a frame, so that no frame takes longer than one.
  frame() {
    if (!this.root.isConnected) { this.pause(); return; }
    const now = performance.now();
    if (this.making) this.make(now + SLICE);
    else if (now >= this.due) this.window(now);
    this.schedule();
  }

  make(end) {
    for (let part = this.making.next(); ; part = this.making.next()) {
      if (part.done) {
        Object.assign(this, { event: part.value, making: null, due: performance.now() });
        this.repaint();
        return;
      }
      if (performance.now() > end) return;
    }
  }

  // Readers who want less motion see a new still picture each second instead of an animation.
  window(now) {
    this.event.advance();
    this.due = Math.max(this.due + SHOWN, now);
    const count = this.event.counts.length;
    if (this.over) this.pause();
    if (!this.calm.matches || count % TOLD === 0) this.draw();
    if (this.over) this.show();
    if (this.over || count % TOLD === 0) this.tell();
  }

  tell() { this.announcer.now(describeRace(this.event, this.guess, this.model)); }

  show() {
    const { parts, model } = this;
    const [path, playing] = [PATHS[model.get("path")], this.playing];
    parts.path.value = model.get("path");
    parts.friction.value = frictionOf(model);
    parts.friction.disabled = !path.slides;
    parts.spikes.value = model.get("spikes");
    write(parts["friction-value"], path.kind ? "no dream" : `${Number(frictionOf(model).toFixed(2))} per step`);
    write(parts["spikes-value"], `${model.get("spikes").toFixed(1)} in the mean`);
    parts.friction.setAttribute("aria-valuetext", parts["friction-value"].textContent);
    write(parts.play, playing ? "Pause" : this.event && !this.over ? "Go on" : "Start");
    for (const name of ["play", "again"]) parts[name].setAttribute("aria-disabled", String(!this.guess));
    // A guess that is changed while the bars move would be none.
    parts.guesses.disabled = Boolean(this.event || this.making) && !this.over;
  }

  // Everything anew: for another event, size or theme.
  repaint() {
    const { events: { scene }, model } = this;
    this.colours = palette(this.root);
    this.picture.begin(scene, this.colours.mechanism, this.colours);
    this.raster.begin({ windows: this.windows, cells: model.get("decoding").cells.centres.length }, this.colours);
    this.draw();
  }

  // Pictures and bars follow each window, words and numbers only a few times a second.
  draw() {
    const { event, parts, guess, model } = this;
    const posterior = event?.posterior ?? KINDS.map(() => 1 / KINDS.length);
    this.picture.draw({ path: event?.path ?? [], landmarks: [] });
    this.raster.follow(event?.counts ?? []);
    moveBars(parts, posterior, event?.counts.length ? event.leader : -1);
    if (this.playing && performance.now() - this.told < HELD) return;
    this.told = performance.now();
    writeBars(parts, posterior, guess);
    const text = describeRace(event, guess, model);
    write(parts.sentence, text);
    setName(parts.track, `A path in the ${this.events.scene.label.toLowerCase()}. ${text}`);
    setName(parts.raster, `Raster of spikes: ${event?.fired ?? 0} spikes in ${event?.counts.length ?? 0} windows.`);
  }

  end() {
    this.pause();
    this.announcer.end();
    this.unwatch();
    for (const [event, listener] of Object.entries(this.listeners)) this.model.off(event, listener);
  }
}

/** What anywidget asks of a widget's module: it renders `model` in `el`, and returns what ends it. */
export default {
  render({ model, el }) {
    const figure = new RaceFigure(el, model);
    return () => figure.end();
  },
};
