// Live figures on a static page: renders the anywidget models that the page embeds, without a kernel.
(() => {
  const parse = (node) => JSON.parse(node.textContent);

  // The state that the page embeds: one entry per model, binary traits apart and base64-encoded.
  function readModels() {
    const models = {};
    for (const node of document.querySelectorAll('script[type="application/vnd.jupyter.widget-state+json"]')) {
      Object.assign(models, parse(node).state);
    }
    return models;
  }

  function decodeBase64(text) {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    return new DataView(bytes.buffer);
  }

  // What an anywidget module asks of its model; there is no kernel, so save_changes has nowhere to send.
  class StaticModel extends EventTarget {
    constructor({ state, buffers = [] }) {
      super();
      this.state = { ...state };
      for (const { path, data } of buffers) this.state[path[0]] = decodeBase64(data);
    }
    get(name) { return this.state[name]; }
    set(name, value) {
      if (this.state[name] === value) return;
      this.state[name] = value;
      this.dispatchEvent(new CustomEvent(`change:${name}`));
    }
    save_changes() {}
    on(name, listener) { this.addEventListener(name, listener); }
    off(name, listener) { this.removeEventListener(name, listener); }
  }

  const styled = new Set();

  async function show(view, models) {
    const entry = models[parse(view).model_id];
    const place = document.createElement("div");
    view.after(place);
    if (!entry?.state?._esm) {
      place.className = "needs-kernel";
      place.textContent = "This needs a running kernel: open the notebook in JupyterLab.";
      return;
    }
    const { _esm, _css } = entry.state;
    if (_css && !styled.has(_css)) {
      styled.add(_css);
      document.head.append(Object.assign(document.createElement("style"), { textContent: _css }));
    }
    const url = URL.createObjectURL(new Blob([_esm], { type: "text/javascript" }));
    const module = await import(url);
    URL.revokeObjectURL(url);
    const model = new StaticModel(entry);
    await module.default.initialize?.({ model });
    await module.default.render({ model, el: place });
  }

  // A classic script, not a module: browsers refuse modules from file addresses.
  const models = readModels();
  for (const view of document.querySelectorAll('script[type="application/vnd.jupyter.widget-view+json"]')) {
    show(view, models);
  }
})();
