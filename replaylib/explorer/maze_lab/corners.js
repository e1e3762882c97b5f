// The corners of a drawing as a list of numbers, for keyboards and for those who want a length to be just so.
// Takes from the files before it: RASTER, SHEET (sketch.js).

const cornerRow = (index) => `<tr><th scope="row">${index + 1}</th>
  <td><input type="number" step="${RASTER}" min="${-SHEET}" max="${SHEET}" data-corner="${index}" data-axis="0"
    aria-label="Corner ${index + 1}, metres to the right"></td>
  <td><input type="number" step="${RASTER}" min="${-SHEET}" max="${SHEET}" data-corner="${index}" data-axis="1"
    aria-label="Corner ${index + 1}, metres up"></td>
  <td><input type="text" inputmode="numeric" data-corner="${index}" data-axis="joined"
    aria-label="Corner ${index + 1}, joined to the corners"></td>
  <td><button type="button" data-corner="${index}" data-axis="remove"
    aria-label="Delete corner ${index + 1}">×</button></td></tr>`;

// Numbers of corners in a text such as "1, 3"; throws a sentence for what is no corner.
function readJoined(text, corner, count) {
  const numbers = text.split(/[\s,;]+/).filter(Boolean).map(Number);
  const fits = (number) => Number.isInteger(number) && number >= 1 && number <= count && number !== corner + 1;
  const wrong = numbers.find((number) => !fits(number));
  if (wrong !== undefined) {
    throw new Error(`Corner ${corner + 1} can be joined to other corners from 1 to ${count}, but "${text}" came.`);
  }
  return numbers.map((number) => number - 1);
}

/**
 * The list of corners.
 * @param {HTMLElement} body the table's body
 * @param {Sketch} sketch
 * @param {{ change: (act: () => void) => void, say: (sentence: string) => void }} editor change carries an act out and
 *   remembers what was before; say tells the reader a sentence
 * @returns {() => void} shows the corners as they are now
 */
function cornerList(body, sketch, { change, say }) {
  const inputAt = (corner, axis) => body.querySelector(`[data-corner="${corner}"][data-axis="${axis}"]`);

  const valueAt = (corner, axis) => (axis === "joined"
    ? sketch.joined(Number(corner)).map((other) => other + 1).join(", ") : sketch.vertices[corner][axis]);

  function show() {
    if (body.rows.length !== sketch.vertices.length) {
      const { corner, axis } = body.contains(document.activeElement) ? document.activeElement.dataset : {};
      body.innerHTML = sketch.vertices.map((_, index) => cornerRow(index)).join("");
      if (corner !== undefined) inputAt(Math.min(Number(corner), sketch.vertices.length - 1), axis)?.focus();
    }
    sketch.vertices.forEach((_, corner) => {
      for (const axis of ["0", "1", "joined"]) {
        const input = inputAt(corner, axis);
        if (document.activeElement !== input) input.value = valueAt(corner, axis);
      }
    });
  }

  function put({ dataset: { corner, axis }, value }) {
    const index = Number(corner);
    if (axis === "joined") {
      try {
        const others = readJoined(value, index, sketch.vertices.length);
        change(() => sketch.joinTo(index, others));
      } catch (error) {
        say(error.message);
      }
      return;
    }
    const place = [...sketch.vertices[index]];
    if (value === "" || !Number.isFinite(Number(value))) return;
    place[axis] = Number(value);
    change(() => sketch.move(index, ...place));
  }

  body.addEventListener("change", ({ target }) => {
    put(target);
    const { corner, axis } = target.dataset;
    if (target.isConnected) target.value = valueAt(corner, axis); // which may not be what was asked for
  });
  body.addEventListener("click", ({ target }) => {
    const button = target.closest('[data-axis="remove"]');
    if (button) change(() => sketch.remove(Number(button.dataset.corner)));
  });
  return show;
}
