// What leaves the lab and comes back: the link with its settings, files, and lines of text to copy.
// Takes from the files before it: nothing.

/**
 * The page's address with settings in its hash.
 * @param {object} engine the engine's module
 * @param {object} settings
 * @returns {string}
 */
const linkTo = (engine, settings) => `${location.href.split("#")[0]}#${engine.toHash(settings).replace(/^#/, "")}`;

// Writes settings to the address bar, without a step in the browser's history.
function rememberSettings(engine, settings) {
  try {
    history.replaceState(null, "", linkTo(engine, settings));
  } catch {
    // A page that may not change its address keeps its settings to itself.
  }
}

/**
 * Copies text; where the browser does not let a page do that, asks the reader to.
 * @param {string} text
 * @param {HTMLElement} field an input that shows the text where it could not be copied
 * @returns {Promise<boolean>} whether it was copied
 */
async function copyText(text, field) {
  try {
    await navigator.clipboard.writeText(text);
    field.hidden = true;
    return true;
  } catch {
    field.hidden = false;
    field.value = text;
    field.select();
    return document.execCommand?.("copy") ?? false;
  }
}

/**
 * Hands bytes to the reader as a file.
 * @param {Uint8Array} bytes
 * @param {string} name
 */
function handOver(bytes, name) {
  const url = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  const anchor = Object.assign(document.createElement("a"), { href: url, download: name });
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** The lines of Python that read a saved network. */
const pythonFor = (name) => [
  "from pathlib import Path",
  "from replaylib import pretrained",
  `network = pretrained.read(Path("${name}"))`,
].join("\n");
