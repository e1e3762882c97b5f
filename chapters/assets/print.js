// Paper is white: a page that is read in the dark is printed in the light, and dark again afterwards.
(() => {
  const root = document.documentElement;
  let before = null;
  addEventListener("beforeprint", () => {
    if (root.dataset.theme !== "dark") return;
    before = root.dataset.theme;
    root.dataset.theme = "light";
  });
  addEventListener("afterprint", () => {
    if (before) root.dataset.theme = before;
    before = null;
  });
})();
