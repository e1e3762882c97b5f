// Room: controls. The settings of a figure in the address of a static page, so that a state can be linked to.

/**
 * Writes settings into the page's address.
 * @param {{get: (name: string) => any}} model - the widget's
 * @param {string[]} names - of the traits to write
 */
export function writeAddress(model, names) {
  history.replaceState(null, "", `#${new URLSearchParams(names.map((name) => [name, String(model.get(name))]))}`);
}

/**
 * Sets what a link carries; what it does not name, or names badly, stays as it is.
 * @param {{get: (name: string) => any, set: (name: string, value: any) => void}} model - the widget's
 * @param {{name: string, min: number, max: number, whole: boolean}[]} numbers - traits that are numbers, in their units
 * @returns {boolean} whether the address carries a state: it names a task
 */
export function readAddress(model, numbers) {
  const state = new URLSearchParams(location.hash.slice(1));
  if (!state.has("task")) return false;
  if (Object.hasOwn(model.get("scenes"), state.get("task"))) model.set("task", state.get("task"));
  for (const { name, min, max, whole } of numbers) {
    const value = Number(state.get(name) || NaN);
    if (value >= min && value <= max) model.set(name, whole ? Math.floor(value) : value);
  }
  if (state.has("rescale_noise")) model.set("rescale_noise", state.get("rescale_noise") === "true");
  return true;
}
