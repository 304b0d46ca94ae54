import assert from "node:assert/strict";
import { test } from "node:test";

import { lineSize } from "../../../convviz/web/js/player/line_size.js";
import { cellStyle, contrast, mix } from "../../../convviz/web/js/style/theme.js";
import { fitLine, formulaVariants, shortestLength } from "../../../convviz/web/js/text/lines.js";
import { data } from "./player_data.mjs";

const NAMES = ["fill", "ink", "dashes", "hatch", "small", "dot", "border"];
const SORTED = [...NAMES].sort().join();

test("every role looks the same in every theme, highlighted or faded, at all levels", () => {
  assert.ok(data.looks.length >= 3 * 9 * 4);
  for (const [theme, role, highlighted, faded, styles] of data.looks) {
    styles.forEach((expected, level) => {
      const style = cellStyle(data.themes[theme], role, { highlighted, faded, level });
      assert.deepEqual(NAMES.map((name) => style[name]), expected, `${theme} ${role} ${highlighted} ${faded} ${level}`);
      assert.equal(Object.keys(style).sort().join(), SORTED);
    });
  }
});

test("halves are rounded to the even number, as Python does", () => {
  assert.equal(mix("#000000", "#010305", 0.5), "#000202");
  assert.equal(contrast("#000000", "#ffffff"), 21);
});

test("lines are shortened to the same text", () => {
  assert.ok(data.lines.length >= 50);
  for (const [name, index, texts] of data.lines) {
    const { caption } = data.scenes[name].whole.frames[index];
    texts.forEach((expected, length) => assert.equal(fitLine(caption, length), expected, `${name} ${index} ${length}`));
    assert.equal(shortestLength(caption), [...texts[0]].length);
  }
});

test("formulas are said in the same ways", () => {
  for (const [formula, ways] of data.formulas) assert.deepEqual(formulaVariants(formula), ways);
});

test("the line is as large as all frames allow, and wraps before it gets small", () => {
  const say = (lengths) => ({ variants: lengths.map((length) => "x".repeat(length)) });
  const size = (width, ...lines) => lineSize(lines.map(say), width, 20, 11, (px) => px / 2);
  assert.deepEqual(size(600, [10], [60]), { px: 20, length: 60, rows: 1 });
  assert.deepEqual(size(500, [66], [66, 10]), { px: 15, length: 66, rows: 1 });
  assert.equal(size(490, [66]).rows, 2);
  assert.deepEqual(size(300, [50, 10]), { px: 20, length: 52, rows: 2 });
  assert.deepEqual(size(300, [30]), { px: 20, length: 30, rows: 1 });
  assert.deepEqual(size(600, [90, 10]), { px: 20, length: 60, rows: 1 });
  assert.ok(size(100, [200]).px >= 11);
});
