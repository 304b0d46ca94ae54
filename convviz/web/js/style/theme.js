/** Roles as colours, equal to Python's in every digit; twin of convviz/style/theme.py. */

import { roundHalfEven } from "../rounding.js";

const READABLE_CONTRAST = 4.5;
/** Roles with a pale fill, which take the stronger tint under the window. */
const OPEN_ROLES = ["inserted", "padding", "zero", "empty", "blank", "exact zero", "pending"];
const CHANNEL_STARTS = [1, 3, 5];
const LUMINANCE_WEIGHTS = [0.2126, 0.7152, 0.0722];

/**
 * Return the style of a cell, {fill, ink, dashes, hatch, small, dot, border}. `highlighted` cells are under the window,
 * `level` is from 0 to 100.
 */
export function cellStyle(theme, role, { highlighted = false, faded = false, level = 100 } = {}) {
  const { small = false, dot = false, base = null, border = null } = theme.cells[role];
  let { fill, ink, dashes = null, hatch = null } = theme.cells[role];
  if (level < 100 && role !== "bar") {
    fill = mix(base || theme.background, fill, level / 100);
    ink = readable(theme, ink, [fill]);
  }
  if (faded) {
    fill = mix(fill, theme.background, 0.7);
    hatch = mix(fill, theme.text, 0.24);
    ink = readable(theme, theme.muted, [fill, hatch]);
    dashes = dashes && mix(dashes, theme.background, 0.3);
  }
  if (highlighted) {
    const tint = OPEN_ROLES.includes(role) ? theme.zero_tint : theme.tint;
    fill = mix(fill, theme.accent, tint);
    hatch = hatch && mix(hatch, theme.accent, tint);
    dashes = dashes && mix(dashes, theme.window, 0.5);
    ink = readable(theme, ink, [fill, hatch || fill]);
  }
  return { fill, ink, dashes, hatch, small, dot, border };
}

/** Return a function (cell, highlighted) → `cellStyle` with a cache of its own. */
export function cellStyler(theme) {
  const styles = new Map();
  return (cell, highlighted) => {
    const key = `${cell.role} ${cell.faded} ${cell.level} ${highlighted}`;
    if (!styles.has(key)) styles.set(key, cellStyle(theme, cell.role, { ...cell, highlighted }));
    return styles.get(key);
  };
}

/** Mix two colours; `share` of `other` is from 0 to 1. */
export function mix(colour, other, share) {
  const from = rgb(colour);
  const to = rgb(other);
  const mixed = from.map((channel, at) => roundHalfEven(channel + (to[at] - channel) * share));
  return "#" + mixed.map((channel) => channel.toString(16).padStart(2, "0")).join("");
}

/** Return the contrast ratio of two colours, from 1 to 21 (WCAG 2.2, relative luminance). */
export function contrast(colour, other) {
  const [darker, lighter] = [luminance(colour), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Shift `ink` towards the text or background colour until it is readable on all grounds. */
function readable(theme, ink, grounds) {
  const worst = (colour) => Math.min(...grounds.map((ground) => contrast(colour, ground)));
  const candidates = [theme.text, theme.background, "#000000", "#ffffff"];
  const strongest = candidates.reduce((best, colour) => (worst(colour) > worst(best) ? colour : best));
  const shades = [0, 0.25, 0.5, 0.75].map((share) => mix(ink, strongest, share));
  return shades.find((shade) => worst(shade) >= READABLE_CONTRAST) ?? strongest;
}

function rgb(colour) {
  return CHANNEL_STARTS.map((start) => parseInt(colour.slice(start, start + 2), 16));
}

function luminance(colour) {
  const linear = rgb(colour)
    .map((channel) => channel / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return linear.reduce((sum, value, channel) => sum + LUMINANCE_WEIGHTS[channel] * value, 0);
}
