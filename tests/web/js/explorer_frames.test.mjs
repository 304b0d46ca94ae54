import assert from "node:assert/strict";
import { test } from "node:test";

import { makeLayer } from "../../../convviz/web/js/layers/convolution.js";
import { layerValues } from "../../../convviz/web/js/layers/ops.js";
import { CellTimeline } from "../../../convviz/web/js/player/cell_timeline.js";
import { STORY, TIMING } from "../../../convviz/web/js/scene/timing.js";
import { lazySceneOf, VIEWS } from "../../../convviz/web/js/views/registry.js";
import { sceneOf } from "./whole.mjs";

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
      for (const numbers of [null, layerValues(layer, { seed: 2 })]) {
        yield { view, layer, numbers, name: `${view}, ${numbers ? "" : "no "}numbers` };
      }
    }
  }
}

/** The numbers 0 … count − 1 in an order that jumps forward and back. */
function jumping(count) {
  const key = (index) => (index * 7) % 5;
  return Array.from({ length: count }, (_, index) => index).sort((one, other) => key(one) - key(other) || other - one);
}

test("a frame is the same in whatever order frames are asked for", () => {
  for (const { view, layer, numbers, name } of scenes()) {
    const whole = sceneOf(view, layer, numbers);
    const some = lazySceneOf(view, layer, numbers);
    assert.equal(some.count, whole.frames.length);
    for (const index of jumping(some.count)) assert.deepEqual(some.frameAt(index), whole.frames[index], name);
  }
});

test("a scene of one frame shows what the whole scene shows there", () => {
  for (const { view, layer, numbers, name } of scenes()) {
    const timeline = new CellTimeline(sceneOf(view, layer, numbers));
    const some = lazySceneOf(view, layer, numbers);
    for (const index of jumping(some.count)) {
      timeline.seek(index);
      const one = new CellTimeline(some.sceneAt(index));
      one.seek(0);
      assert.deepEqual(one.cells, timeline.cells, `${name}, frame ${index}`);
      assert.deepEqual([...one.highlighted], [...timeline.highlighted], `${name}, frame ${index}`);
    }
  }
});

test("a key frame of a story shows what the whole story shows there", () => {
  for (const { view, layer, numbers, name } of scenes()) {
    const story = { ...TIMING, pace: "story" };
    const timeline = new CellTimeline(sceneOf(view, layer, numbers, story));
    const some = lazySceneOf(view, layer, numbers, story);
    for (const at of jumping(some.beats.length)) {
      timeline.seek(at);
      const one = new CellTimeline(some.keySceneAt(at));
      one.seek(0);
      assert.deepEqual(one.cells, timeline.cells, `${name}, key frame ${at}`);
    }
  }
});

test("a step by hand is the end of that step in the story", () => {
  for (const { view, layer, numbers, name } of scenes()) {
    const some = lazySceneOf(view, layer, numbers, STORY);
    const ends = [...some.beats.keys()].filter((at) => !some.beats[at].isBefore);
    for (const at of ends) {
      const [byHand, told] = [some.sceneAt(some.beats[at].step), some.keySceneAt(at)].map((scene) => {
        const timeline = new CellTimeline(scene);
        timeline.seek(0);
        return [timeline.cells, scene.frames[0].marks, scene.frames[0].caption];
      });
      assert.deepEqual(byHand, told, `${name}, key frame ${at}`);
    }
  }
});

test("a large scene is not built before it is asked for", () => {
  const layer = makeLayer("conv", { input: 64, kernel: 3, padding: 1 });
  const some = lazySceneOf("slide", layer);
  let built = 0;
  const { details } = some;
  some.details = (index) => {
    built += 1;
    return details(index);
  };
  assert.equal(some.sceneAt(4000).frames[0].changes.length, 4001);
  assert.equal(built, 1);
  const story = lazySceneOf("slide", layer, null, STORY);
  story.details = some.details;
  const last = story.beats.length - 1;
  assert.ok(story.keySceneAt(last).frames[0].changes.length >= layer.outputCount);
  assert.ok(built < 10, String(built));
});

test("a frame that forgets what happened before is seen", () => {
  const layer = LAYERS[0];
  const timeline = new CellTimeline(sceneOf("scatter", layer));
  timeline.seek(5);
  const forgetful = lazySceneOf("scatter", layer);
  const one = new CellTimeline({ ...forgetful.sceneAt(5), frames: [forgetful.frameAt(5)] });
  one.seek(0);
  assert.notDeepEqual(one.cells, timeline.cells);
});
