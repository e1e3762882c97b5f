// The falling loss. Takes from the files before it: prepare (drawing.js), drawHead (views.js).

const smoothed = (losses) => {
  let mean = losses[0];
  return losses.map((loss) => { mean += 0.2 * (loss - mean); return mean; });
};

// The powers of ten and their halves within two bounds.
function decades(low, high) {
  const marks = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1) {
    for (const factor of [1, 2, 5]) {
      const mark = Number((factor * 10 ** power).toPrecision(3));
      if (mark >= low && mark <= high) marks.push(mark);
    }
  }
  return marks.filter((_, index) => index % Math.ceil(marks.length / 5) === 0);
}

// The axes of the losses; returns how iterations and losses are placed [px].
function lossAxes(canvas, { losses, earlier, iterations }, colours) {
  const { context, width, height } = prepare(canvas);
  const [left, right, top, bottom] = [46, 8, 20, 22];
  const all = [...earlier.map((one) => one.losses), losses].map((one) => one.filter((loss) => loss > 0));
  const high = Math.max(...all.map((one) => Math.max(...one.slice(0, 50))), 1e-9) * 1.15;
  const low = Math.min(...all.map((one) => Math.min(...one.slice(-400), high / 12))) * 0.8;
  const x = (i) => left + ((width - left - right) * i) / Math.max(1, iterations - 1);
  const y = (loss) => height - bottom - ((height - bottom - top) * Math.log(loss / low)) / Math.log(high / low);
  context.font = `12px ${getComputedStyle(canvas).fontFamily}`;
  context.lineWidth = 1;
  context.textAlign = "right";
  context.strokeStyle = colours.ground;
  context.fillStyle = colours.text;
  for (const mark of losses.length ? decades(low, high) : []) {
    context.beginPath();
    context.moveTo(left, y(mark));
    context.lineTo(width - right, y(mark));
    context.stroke();
    context.fillText(mark, left - 5, y(mark) + 4);
  }
  context.fillText(`${iterations.toLocaleString("en")} iterations`, width - right, height - 6);
  context.textAlign = "left";
  context.fillText("loss", 4, 12);
  return { context, x, y, floor: height - bottom };
}

/**
 * The loss of each iteration on a logarithmic axis, pale, and its running mean over it; earlier trainings in grey.
 * @param {HTMLCanvasElement} canvas
 * @param {{ losses: number[], iterations: number, earlier: { losses: number[] }[] }} run losses [iterations so far];
 *   iterations of the whole training
 * @param {object} colours
 */
function drawLosses(canvas, run, colours) {
  const size = [canvas.clientWidth, canvas.clientHeight, window.devicePixelRatio];
  const key = [...size, run.losses.length, run.earlier.length, run.iterations, colours.plain].join();
  if (canvas.dataset.shows === key) return; // what moves is the animal
  canvas.dataset.shows = key;
  const { context, x, y, floor } = lossAxes(canvas, run, colours);
  const line = (values, { colour, width, alpha = 1 }) => {
    const stride = Math.max(1, Math.floor(values.length / 600));
    Object.assign(context, { strokeStyle: colour, lineWidth: width, globalAlpha: alpha, lineJoin: "round" });
    context.beginPath();
    for (let i = 0; i < values.length; i += stride) context.lineTo(x(i), Math.min(floor, y(values[i])));
    context.stroke();
    context.globalAlpha = 1;
  };
  for (const { losses } of run.earlier) line(smoothed(losses), { colour: colours.muted, width: 1.5 });
  if (run.losses.length < 2) return;
  const mean = smoothed(run.losses);
  line(run.losses, { colour: colours.plain, width: 1, alpha: 0.3 });
  line(mean, { colour: colours.plain, width: 2.5 });
  drawHead(context, [x(mean.length - 1), y(mean.at(-1))], colours.plain, colours.panel, 4);
}
