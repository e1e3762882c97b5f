// ValueSpreading: value spreads over a maze from one reward, as two suppliers name states; the reader predicts first.
// This file follows those of replay, planning, drawing and controls in one module.

const HELD = 200; // milliseconds for which words stand still while the picture moves
const SLICE = 8; // milliseconds of a frame in which dreams are made
const LEAP = 100; // states at once for readers who want less motion
const CHOICES = ["task", "left", "right", "learner", "event"];
const CURRENCY = { backups: "backups", steps: "states named" }; // of the chart: a step need not be a backup
const NO_RACES = { left: 0, right: 0, same: 0 };

/** One figure on a page. */
class ValueFigure {
  constructor(el, model) {
    Object.assign(this, buildValue(el, model), { model });
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    Object.assign(this, { playing: false, visible: true, speed: 3, guess: "", told: -HELD, tally: { ...NO_RACES } });
    Object.assign(this, { request: 0, cancel: clearTimeout });
    this.pictures = ["left", "right"].map((side) => new ValuePicture(this.parts[`${side}-maze`]));
    this.listen();
    this.restart();
    this.endings = [watchLooks(this.root, () => this.repaint()), this.watchView()];
  }

  // A fresh race; one that is compared anew asks for a fresh guess as well.
  restart({ anew = true } = {}) {
    this.stop();
    if (anew) Object.assign(this, { guess: "", tally: { ...NO_RACES } });
    this.race = new Race(this.model);
    this.show();
    this.repaint();
  }

  show() {
    const { parts, model } = this;
    for (const name of CHOICES) parts[name].value = model.get(name);
    for (const name of Object.keys(GUESSES)) parts[`guess-${name}`].checked = this.guess === name;
    parts.speed.value = this.speed;
    write(parts["speed-value"], `${this.speed} states a frame`);
  }

  repaint() {
    this.colours = palette(this.root);
    const { plain, mechanism } = this.colours;
    this.pictures.forEach((picture, side) => {
      picture.begin(this.race.scene, [plain, mechanism][side], this.colours);
    });
    this.draw(true);
  }

  draw(words = !this.playing) {
    const { race, parts } = this;
    this.pictures.forEach((picture, side) => picture.draw(race.sides[side].learner, race.now(side)));
    this.drawCurves();
    if (!words && performance.now() - this.told < HELD) return;
    this.told = performance.now();
    this.tell();
    const paused = race.steps && !race.over ? "Go on" : "Start";
    write(parts.play, this.playing ? "Pause" : paused);
    parts.play.setAttribute("aria-disabled", String(!this.guess || race.over));
  }

  drawCurves() {
    const { race: { sides, learner }, colours } = this;
    const looks = [{ colour: colours.plain }, { colour: colours.mechanism, dash: [6, 4] }];
    drawChart(this.parts.chart, {
      x: [0, 1.015 * BUDGET], y: [0, 1], colours, // room for the last number
      labels: [CURRENCY[learner], "share of bins whose best action is known (right: dashed)"],
      lines: sides.map(({ shares }, side) => ({ points: cornersOf(shares), ...looks[side] })),
    });
  }

  tell() {
    const { race, parts } = this;
    const dreams = this.playing && !race.ready;
    // The verdict takes some work: it is found once.
    if (!race.over) this.text = dreams ? "The network dreams …" : describeRace(race, this.guess, this.tally);
    write(parts.sentence, this.text);
    race.sides.forEach(({ label, learner }, side) => {
      const name = `Maze of the learner on the ${side ? "right" : "left"}, supplied by ${label}: the best action is ` +
        `known in ${learner.count} of ${race.maze.neighbours.length - 1} bins.`;
      setName(parts[side ? "right-maze" : "left-maze"], name);
    });
    const [left, right] = race.sides.map(({ learner }) => percent(learner.share));
    const against = `Share of bins whose best action is known against ${CURRENCY[race.learner]}`;
    setName(parts.chart, `${against}: left ${left}, right ${right} after ${race.steps}.`);
  }

  // Spoken where something begins or ends, and at each quarter: far less often than five times a second.
  announce() { write(this.parts.status, this.text); }

  frame() {
    const { race } = this;
    if (!this.root.isConnected) { this.stop(); return; }
    const quarter = Math.floor((4 * race.steps) / BUDGET);
    if (!race.ready) race.prepare(SLICE);
    else {
      const count = this.calm.matches ? LEAP : this.speed;
      for (let i = 0; i < count && !race.over; i += 1) race.advance();
    }
    if (race.over) this.finish();
    this.draw();
    if (Math.floor((4 * race.steps) / BUDGET) > quarter) { this.tell(); this.announce(); }
    this.schedule();
  }

  finish() {
    const { race } = this;
    this.playing = false;
    this.tally[race.winner] += 1;
    this.text = describeRace(race, this.guess, this.tally);
  }

  // Readers who want less motion see a new still picture each second instead of an animation.
  schedule() {
    if (this.request || !this.playing || !this.visible) return;
    const run = () => { this.request = 0; this.frame(); };
    const slowly = this.calm.matches && this.race.ready && this.race.steps > 0;
    this.request = slowly ? setTimeout(run, 1000) : requestAnimationFrame(run);
    this.cancel = slowly ? clearTimeout : cancelAnimationFrame;
  }

  stop() {
    this.playing = false;
    const { cancel } = this; // the browser's own function, which must not be called as a method of ours
    cancel(this.request);
    this.request = 0;
  }

  // The first press of Start holds the guess; without one there is no start.
  playOrPause() {
    if (!this.guess || this.race.over) { this.announce(); return; }
    if (this.playing) this.stop();
    else this.playing = true;
    this.draw(true);
    this.announce();
    this.schedule();
  }

  predict(guess) {
    const { race } = this;
    if (!race.over && (this.playing || race.steps)) { this.show(); return; } // it holds until the race is over
    this.guess = guess;
    if (race.over) return; // it is for the next race
    this.draw(true);
    this.announce();
  }

  listen() {
    const { model, parts } = this;
    for (const name of CHOICES) {
      parts[name].addEventListener("change", () => {
        this.put(name, name === "event" ? Number(parts[name].value) : parts[name].value);
      });
    }
    for (const name of Object.keys(GUESSES)) {
      parts[`guess-${name}`].addEventListener("change", () => this.predict(name));
    }
    parts.play.addEventListener("click", () => this.playOrPause());
    parts.again.addEventListener("click", () => this.put("seed", model.get("seed") + 1));
    parts.speed.addEventListener("input", () => { this.speed = Number(parts.speed.value); this.show(); });
    this.listeners = { "change:seed": () => { this.restart({ anew: false }); this.announce(); } };
    for (const name of CHOICES) this.listeners[`change:${name}`] = () => { this.restart(); this.announce(); };
    for (const [event, listener] of Object.entries(this.listeners)) model.on(event, listener);
  }

  put(name, value) {
    this.model.set(name, value);
    this.model.save_changes();
  }

  // It runs only in view.
  watchView() {
    const seen = new IntersectionObserver(([{ isIntersecting }]) => {
      this.visible = isIntersecting;
      this.schedule();
    });
    seen.observe(this.root);
    return () => seen.disconnect();
  }

  end() {
    this.stop();
    for (const ending of this.endings) ending();
    for (const [event, listener] of Object.entries(this.listeners)) this.model.off(event, listener);
  }
}

/** What anywidget asks of a widget's module: it renders `model` in `el`, and returns what ends it. */
export default {
  render({ model, el }) {
    const figure = new ValueFigure(el, model);
    return () => figure.end();
  },
};
