/** Role → colours: the twin of convviz/theme.py, equal to it in every digit. */

const READABLE = 4.5;
const CHANNELS = [1, 3, 5];
const WEIGHTS = [0.2126, 0.7152, 0.0722];

/** The style of a cell: {fill, ink, dashes, hatch, small, dot}; `highlighted` under the window, `level` from 0 to 100. */
export function cellStyle(theme, role, { highlighted = false, faded = false, level = 100 } = {}) {
  let { fill, ink, dashes = null, hatch = null, small = false, dot = false, base = null } = theme.cells[role];
  if (level < 100 && role !== "bar") {
    fill = mix(base || theme.background, fill, level / 100);
    ink = readable(theme, ink, [fill]);
  }
  if (faded) {
    fill = mix(fill, theme.background, 0.7);
    hatch = mix(fill, theme.text, 0.12);
    ink = readable(theme, theme.muted, [fill, hatch]);
    dashes = dashes && mix(dashes, theme.background, 0.3);
  }
  if (highlighted) {
    fill = mix(fill, theme.window, theme.tint);
    hatch = hatch && mix(hatch, theme.window, theme.tint);
    dashes = dashes && mix(dashes, theme.window, 0.5);
    ink = readable(theme, ink, [fill, hatch || fill]);
  }
  return { fill, ink, dashes, hatch, small, dot };
}

/** A `cellStyle` of one theme that remembers what it found: (cell, highlighted) → style. */
export function stylist(theme) {
  const known = new Map();
  return (cell, highlighted) => {
    const key = `${cell.role} ${cell.faded} ${cell.level} ${highlighted}`;
    if (!known.has(key)) known.set(key, cellStyle(theme, cell.role, { ...cell, highlighted }));
    return known.get(key);
  };
}

/** `colour` with `share` (0 to 1) of `other` in it. */
export function mix(colour, other, share) {
  const from = rgb(colour);
  const to = rgb(other);
  const blended = from.map((channel, at) => rounded(channel + (to[at] - channel) * share));
  return "#" + blended.map((channel) => channel.toString(16).padStart(2, "0")).join("");
}

/** Contrast ratio of two colours, from 1 to 21 (WCAG 2.2, relative luminance). */
export function contrast(colour, other) {
  const [darker, lighter] = [luminance(colour), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** `ink`, shifted towards text or background just as far as it needs to be readable on all grounds. */
function readable(theme, ink, grounds) {
  const worst = (colour) => Math.min(...grounds.map((ground) => contrast(colour, ground)));
  const candidates = [theme.text, theme.background, "#000000", "#ffffff"];
  const strong = candidates.reduce((best, colour) => (worst(colour) > worst(best) ? colour : best));
  const shades = [0, 0.25, 0.5, 0.75].map((share) => mix(ink, strong, share));
  return shades.find((shade) => worst(shade) >= READABLE) ?? strong;
}

function rgb(colour) {
  return CHANNELS.map((start) => parseInt(colour.slice(start, start + 2), 16));
}

function luminance(colour) {
  const linear = rgb(colour)
    .map((channel) => channel / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return WEIGHTS[0] * linear[0] + WEIGHTS[1] * linear[1] + WEIGHTS[2] * linear[2];
}

/** To the nearest whole number, and halves to the even one. */
function rounded(value) {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 ? below + 1 : below;
}
