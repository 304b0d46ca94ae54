import assert from "node:assert/strict";
import { test } from "node:test";

import { makeLayer } from "../../../convviz/web/js/layers/convolution.js";
import { numbersOf } from "../../../convviz/web/js/layers/ops.js";
import { Reel } from "../../../convviz/web/js/player/cell_timeline.js";
import { sceneOf, viewOf, VIEWS } from "../../../convviz/web/js/views/registry.js";

const LAYERS = [
  makeLayer("conv", { input: 4, kernel: 3, padding: 1 }),
  makeLayer("conv", { input: [5], kernel: [3], stride: [2], padding: [[1, 1]] }),
  makeLayer("transposed", { input: 3, kernel: 3, stride: 2, padding: 1, output_padding: 1 }),
  makeLayer("transposed", { input: [4], kernel: [2], stride: [3], padding: [[2, 2]] }),
];

/** Every view of every layer, with numbers and without. */
function* scenes() {
  for (const view of Object.keys(VIEWS)) {
    for (const layer of LAYERS) {
      for (const numbers of [null, numbersOf(layer, { seed: 2 })]) {
        yield { view, layer, numbers, name: `${view}, ${numbers ? "" : "no "}numbers` };
      }
    }
  }
}

/** The numbers 0 … count − 1 in an order that jumps forth and back. */
function jumping(count) {
  const key = (index) => (index * 7) % 5;
  return Array.from({ length: count }, (_, index) => index).sort((one, other) => key(one) - key(other) || other - one);
}

test("a frame is the same in whatever order frames are asked for", () => {
  for (const { view, layer, numbers, name } of scenes()) {
    const whole = sceneOf(view, layer, numbers);
    const some = viewOf(view, layer, numbers);
    assert.equal(some.count, whole.frames.length);
    for (const index of jumping(some.count)) assert.deepEqual(some.frameAt(index), whole.frames[index], name);
  }
});

test("a scene of one frame shows what the whole scene shows there", () => {
  for (const { view, layer, numbers, name } of scenes()) {
    const reel = new Reel(sceneOf(view, layer, numbers));
    const some = viewOf(view, layer, numbers);
    for (const index of jumping(some.count)) {
      reel.wind(index);
      const one = new Reel(some.sceneAt(index));
      one.wind(0);
      assert.deepEqual(one.cells, reel.cells, `${name}, frame ${index}`);
      assert.deepEqual([...one.highlighted], [...reel.highlighted], `${name}, frame ${index}`);
    }
  }
});

test("a large scene is not built before it is asked for", () => {
  const layer = makeLayer("conv", { input: 64, kernel: 3, padding: 1 });
  const some = viewOf("slide", layer);
  let built = 0;
  const { rest } = some;
  some.rest = (index) => {
    built += 1;
    return rest(index);
  };
  assert.equal(some.sceneAt(4000).frames[0].changes.length, 4001);
  assert.equal(built, 1);
});

test("a frame that forgets what happened before is seen", () => {
  const layer = LAYERS[0];
  const reel = new Reel(sceneOf("scatter", layer));
  reel.wind(5);
  const forgetful = viewOf("scatter", layer);
  const one = new Reel({ ...forgetful.sceneAt(5), frames: [forgetful.frameAt(5)] });
  one.wind(0);
  assert.notDeepEqual(one.cells, reel.cells);
});
