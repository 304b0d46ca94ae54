/** Which frames an animation has, in which order, and how long each lasts; twin of convviz/scene/timing.py. */

import { range } from "../itertools.js";
import { UNKNOWN } from "../text/lines.js";
import { schedule } from "./pace.js";

/** Milliseconds of a step, of the hold on the last frame (the first is held half as long), and of a glide. */
export const TIMING = { step: 600, hold: 2000, pace: "even", glide: 0 };
/** The timing of an animation by default. */
export const STORY = { ...TIMING, pace: "story", glide: 200 };

/** Milliseconds that a frame rests after a glide. */
const LEAST_REST = 20;

/** Whether steps are told in moments. */
export function tells({ pace }) {
  return pace === "story";
}

/** Return an equation with a question mark as its result; a sentence stays as it is. */
export function asked(caption) {
  return caption.variants ? caption : { ...caption, right: UNKNOWN };
}

/** Return the duration of a frame, from 0, at an even pace. */
export function evenDuration(index, count, { step, hold }) {
  if (index === count - 1) return Math.max(hold, step);
  return index ? step : Math.max(Math.floor(hold / 2), step);
}

/** Return the milliseconds in which a frame of a known duration glides to its place, and then rests. */
export function glideOf({ motion, duration }, { glide }) {
  if (!glide) return 0;
  const rest = Math.max(Math.ceil(duration / 6), LEAST_REST);
  return motion ? Math.min(motion, Math.max(duration - rest, 0)) : Math.min(glide, Math.floor(duration / 3));
}

/**
 * List the key frames of `count` steps, [{step, duration, moment, isBefore}]: the end of a step, or something before
 * its end. A story may have a function `moments(index)`, the `special` steps, those at which `tabs` begin, and the
 * length of a `row`; it `opens` with a frame before its first step, unless that step changes nothing. The first steps,
 * `before`, and the last ones, `after`, may have no moments.
 */
export function beatsOf(count, { moments, special = [], tabs = [], row = 0, opens, before = 0, after = 0 }, timing) {
  if (!tells(timing)) {
    const beat = (step) => ({ step, duration: evenDuration(step, count, timing), moment: null, isBefore: false });
    return range(count).map(beat);
  }
  const told = moments ? moments(before).length : 0;
  const facts = { count, moments: told, special: new Set([...special, ...tabs]), row, opens, before, after };
  return schedule(facts, timing.step, timing.hold);
}
