// Between page and engine: the engine's functions here, its work in a worker, or in short slices where there is none.
// Takes from the files before it: ENGINE_SOURCE, the text of the engine's module.

const SLICE = 8; // milliseconds of work between two looks at the page

// Runs an engine on the page itself, a slice at a time.
function inSlices(engineModule, hear) {
  const [inbox, { port1, port2 }] = [new engineModule.Engine(hear), new MessageChannel()];
  let [waiting, ended] = [false, false];
  const goOn = () => {
    if (waiting || ended) return;
    waiting = true;
    port2.postMessage(0);
  };
  port1.onmessage = () => {
    waiting = false;
    if (!ended && inbox.slice(SLICE)) goOn();
  };
  return {
    post: (message) => { inbox.receive(message); goOn(); },
    end: () => { ended = true; port1.close(); },
  };
}

/**
 * The engine's module, and a way to its work: a worker, made when the first message goes out.
 * @param {(message: object) => void} hear what the engine's messages go to
 * @param {{ worker?: boolean }} options `worker` false keeps all work on the page
 * @returns {Promise<{ engine: object, post: (message: object) => void, end: () => void, kind: string }>} kind is
 *   "none" before the first message, then "worker" or "slices", and "ended" at last
 */
async function connect(hear, { worker = true } = {}) {
  const address = (text) => URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const url = address(ENGINE_SOURCE);
  const engine = await import(url);
  URL.revokeObjectURL(url);
  const connection = { engine, kind: "none", post, end };
  let [line, sent, answered] = [null, [], false];

  function useSlices() {
    line?.end();
    line = inSlices(engine, hear);
    connection.kind = "slices";
    sent.splice(0).forEach((message) => line.post(message)); // what a worker that never spoke has not done
  }

  function useWorker() {
    // A classic script: on a page from a file, Chromium lets no worker be a module.
    const script = address(ENGINE_SOURCE.replace(/^export /gm, ""));
    const thread = new Worker(script);
    thread.onmessage = ({ data }) => {
      if (!answered) URL.revokeObjectURL(script);
      [answered, sent] = [true, []];
      hear(data);
    };
    thread.onerror = (event) => {
      event.preventDefault();
      if (connection.kind !== "worker") return;
      if (answered) hear({ kind: "failed", sentence: `The training came to a halt: ${event.message}.` });
      else useSlices();
    };
    line = { post: (message) => thread.postMessage(message), end: () => thread.terminate() };
    connection.kind = "worker";
  }

  function start() {
    try {
      if (!worker || typeof Worker === "undefined") throw new Error("no worker");
      useWorker();
    } catch {
      useSlices();
    }
  }

  function post(message) {
    if (connection.kind === "ended") return;
    if (!line) start();
    if (!answered && connection.kind === "worker") sent.push(message);
    line.post(message);
  }

  function end() {
    line?.end();
    line = null;
    connection.kind = "ended";
  }
  return connection;
}
