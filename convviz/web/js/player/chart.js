/** Charts: their space, texts, axes and line; as in convviz/layout/charts.py and convviz/render/chart.py. */

import { mix } from "../style/theme.js";
import { path, rect } from "./shapes.js";
import { ascent, CAP_HEIGHT, lineHeight } from "./typography.js";

const STYLE = "panel caption";
const LABEL_STYLE = "bracket";
/** In pixels of the design: the area of the line, at least. */
const LEAST = { width: 320, height: 84 };
/** In pixels: the space on both sides of the widest chart, and the distance of a text from the line. */
const MARGIN = 8;
const AWAY = 12;
const LEAST_DISTANCE = 9;

/** Measure a chart: return its block. */
export function measureChart({ typography, pitch, stageWidth }, node) {
  const { left, top, right, bottom } = margins(typography, node);
  const wanted = Math.max(typography.scaled(LEAST.width), typography.width(node.title, STYLE));
  const least = Math.min(wanted, stageWidth - left - right - MARGIN);
  const width = Math.max(node.cols * pitch, least + left + right);
  const height = Math.max(node.rows * pitch, typography.scaled(LEAST.height) + top + bottom);
  return { node, width, above: Math.floor(height / 2), below: Math.ceil(height / 2) };
}

/** Place a chart: add its texts, and {node, plot} with the area of its line. */
export function placeChart({ typography }, { node: whole, width, above, below }, x, centre, placed) {
  const { left, top, right, bottom } = margins(typography, whole);
  const size = { w: width - left - right, h: above + below - top - bottom };
  const plot = { x: Math.round(x + left), y: centre - above + top, ...size };
  const node = thinned(typography, whole, plot);
  const [px, space] = [typography.fontSize(STYLE), axisSpace(typography)];
  const put = (text, at, baseline) => placed.texts.push(typography.placedText(text, STYLE, at, baseline));
  put(node.title, plot.x, centre - above + ascent(px));
  for (const { place, text } of node.beside) {
    put(text, plot.x - space - typography.width(text, STYLE), atRow(plot, place) + Math.round((CAP_HEIGHT * px) / 2));
  }
  for (const { place, text } of node.below) {
    const at = atColumn(plot, place) - Math.floor(typography.width(text, STYLE) / 2);
    put(text, at, plot.y + plot.h + space + ascent(px));
  }
  const widths = node.labels.map((label) => typography.width(label, LABEL_STYLE));
  placed.charts.push({ node, plot, widths, px: typography.fontSize(LABEL_STYLE) });
}

/** A chart with every n-th number at its axes, so that they are clear of each other. */
function thinned(typography, chart, { w, h }) {
  const high = lineHeight(typography.fontSize(STYLE));
  const wide = 1.5 * Math.max(...chart.below.map(({ text }) => typography.width(text, STYLE)));
  return { ...chart, beside: everyNth(chart.beside, high, h), below: everyNth(chart.below, wide, w) };
}

function everyNth(ticks, least, length) {
  if (ticks.length < 2) return ticks;
  const distance = ((ticks[1].place - ticks[0].place) * length) / 1000;
  const step = Math.ceil(least / Math.max(1, distance));
  return ticks.filter((_, index) => index % step === 0);
}

const axisSpace = (typography) => Math.max(5, typography.scaled(8));

function margins(typography, { beside, below }) {
  const [space, line] = [axisSpace(typography), lineHeight(typography.fontSize(STYLE))];
  const left = space + Math.max(...beside.map(({ text }) => typography.width(text, STYLE)));
  const right = Math.floor(typography.width(below.at(-1).text, STYLE) / 2) + 1;
  return { left, right, top: line + Math.floor(line / 2) + Math.floor(space / 2), bottom: space + line };
}

const atColumn = ({ x, w }, place) => x + Math.round((place * w) / 1000);
const atRow = ({ y, h }, place) => y + Math.round((place * h) / 1000);

function pointsOf({ node, plot }) {
  return node.points.map(([col, row]) => [atColumn(plot, col), atRow(plot, row)]);
}

/** Return the items that all frames share: grid lines, axis, and the whole line, pale. */
export function chartGround({ charts }, theme) {
  return charts.flatMap((chart) => {
    const { node, plot } = chart;
    const lines = node.beside.map(({ place }) => rect({ ...plot, y: atRow(plot, place), h: 1 }, mix(theme.background, theme.text, 0.1)));
    const axis = rect({ x: plot.x, y: plot.y + plot.h, w: plot.w + 1, h: 1 }, theme.muted);
    const ticks = node.below.map(({ place }) => {
      return rect({ x: atColumn(plot, place), y: plot.y + plot.h, w: 1, h: 4 }, theme.muted);
    });
    return [...lines, axis, ...ticks, line(pointsOf(chart), mix(theme.background, theme.muted, 0.45), 1.5)];
  });
}

/** Return the items of a frame: the line up to it, dots, the present point and its text. */
export function chartItems({ charts }, { number }, theme) {
  return charts.flatMap((chart) => {
    const points = pointsOf(chart);
    const at = Math.min(number, points.length - 1);
    const ink = theme.badges.kernel;
    const distance = (points.at(-1)[0] - points[0][0]) / Math.max(1, points.length - 1);
    const dots = distance >= LEAST_DISTANCE ? points.slice(0, at).map((point) => dot(point, 3, ink)) : [];
    const rings = [[8, theme.background], [7, theme.window], [4, theme.accent]];
    const present = rings.map(([radius, fill]) => dot(points[at], radius, fill));
    return [line(points.slice(0, at + 1), ink, 2.5), ...dots, ...present, ...labelItems(chart, points, at, theme)];
  });
}

function line(points, colour, width) {
  return path(`M${points.map(([x, y]) => `${x} ${y}`).join("L")}`, colour, width);
}

const dot = ([cx, cy], r, fill) => ["circle", { cx, cy, r, fill }];

/** The text of a point on its background: on its right if there is room, and off the line. */
function labelItems({ node, plot, widths, px }, points, at, theme) {
  const [x, y] = points[at];
  const [width, capitals] = [widths[at], Math.round(CAP_HEIGHT * px)];
  const end = plot.x + plot.w;
  const left = x + AWAY + width <= end ? x + AWAY : Math.max(plot.x, x - AWAY - width);
  const isNear = ([x0], [x1]) => x1 >= left - AWAY && x0 <= left + width + AWAY;
  const near = points.slice(1).flatMap((point, index) => (isNear(points[index], point) ? [points[index], point] : []));
  const ys = [y, ...near.map(([, row]) => row)];
  const [above, below] = [Math.min(...ys) - AWAY, Math.max(...ys) + AWAY + capitals];
  const fits = (baseline) => baseline - capitals >= plot.y && baseline <= plot.y + plot.h - 2;
  const baseline = [above, below].find(fits);
  if (baseline === undefined) return [];
  const font = { "font-size": px, "font-weight": 700, class: LABEL_STYLE };
  const box = { x: left - 1, y: baseline - capitals - 1, w: width + 2, h: capitals + Math.ceil(px / 4) };
  return [rect(box, theme.background), ["text", { x: left, y: baseline, ...font, fill: theme.text }, node.labels[at]]];
}
