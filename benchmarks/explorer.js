/** Measures the explorer from within its page: milliseconds until script, style and layout of a change are done. */

window.bench = {
  frame: () => new Promise((done) => requestAnimationFrame(() => setTimeout(done))),

  /** What `act` costs, with all that it puts off to the next frame. */
  timed(act) {
    const [put, real] = [[], window.requestAnimationFrame];
    window.requestAnimationFrame = (later) => put.push(later);
    const start = performance.now();
    act();
    while (put.length) put.shift()(start);
    explorer.parts.page.offsetHeight;
    explorer.parts.picture.getBoundingClientRect();
    const spent = performance.now() - start;
    window.requestAnimationFrame = real;
    return spent;
  },

  /** Go to a state, and wait until it is shown. */
  async ask(address) {
    location.hash = address;
    await new Promise((done) => setTimeout(done, 300));
    await bench.frame();
    if (explorer.parts.shown.hidden) throw new Error(`no picture: ${explorer.parts.refusal.textContent}`);
  },

  /** What each of `rounds` changes costs, `warm` ones before them not counted; `change(round)` makes them. */
  async rounds(rounds, change, warm = 8) {
    const spent = [];
    for (let round = 0; round < warm + rounds; round++) {
      const act = change(round);
      spent.push(bench.timed(act));
      await bench.frame();
    }
    return spent.slice(warm);
  },

  /** A slider goes through `values`, forward and back. */
  slider(name, values, rounds) {
    const input = document.querySelector(`[type=range][data-name=${name}]`);
    return bench.rounds(rounds, (round) => () => {
      const last = 2 * (values.length - 1);
      const at = round % last;
      input.value = values[Math.min(at, last - at)];
      input.dispatchEvent(new Event("input", { bubbles: true }));
      if (explorer.state[name][0] !== Number(input.value)) throw new Error(`${name} = ${input.value} is not shown`);
    });
  },

  /** The pointer goes over the cells of some grids. */
  hover(panels, rounds) {
    return bench.rounds(rounds, (round) => {
      const { layout, parts } = explorer;
      const panel = panels[round % panels.length];
      const grid = layout.grids[panel];
      const box = parts.picture.getBoundingClientRect();
      const middle = (start, count, step) => start + ((((round + 1) * step) % count) + 0.4) * grid.pitch;
      const scale = box.width / layout.width;
      const clientX = box.left + middle(grid.x, grid.cols, 7) * scale;
      const clientY = box.top + middle(grid.y, grid.rows, 5) * scale;
      return () => {
        parts.picture.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, clientX, clientY }));
        if (!explorer.painter.groups.linked.childElementCount) throw new Error("no cell is linked");
      };
    });
  },

  /** Step by step. */
  steps(rounds) {
    return bench.rounds(rounds, () => () => explorer.parts.next.click());
  },

  /** Milliseconds of the long tasks, over 50 ms, from now until `stopped`. */
  tasks() {
    const found = [];
    const observer = new PerformanceObserver((list) => found.push(...list.getEntries().map((one) => one.duration)));
    observer.observe({ type: "longtask" });
    bench.stopped = async () => {
      await new Promise((done) => setTimeout(done, 200));
      observer.disconnect();
      return found;
    };
  },
};

/** Milliseconds from the start of loading until the picture is painted. */
window.bench.painted = new Promise((done) => {
  const look = new MutationObserver(() => {
    if (document.documentElement?.dataset.ready !== "true") return;
    look.disconnect();
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => done(performance.now());
      channel.port2.postMessage(null);
    });
  });
  look.observe(document, { attributes: true, subtree: true, attributeFilter: ["data-ready"] });
});
