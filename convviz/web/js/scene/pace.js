/** The pace of a story: which key frames an animation has, and how long each lasts; twin of convviz/scene/pace.py. */

import { range } from "../itertools.js";

const LEAST = 25;
const LONGEST = 5;
const TOLD = 2;
const MOMENT_TENTHS = 16;
const NEAR = 8;
const MOST_SPECIAL = 4;
const MOST_QUICK = 20;
const MOST_QUICK_FRAMES = 250;
const FASTEST_SHARE = 15;
const RAMP_TENTHS = 8;

/**
 * Return the key frames of a story, [{step, duration, moment, isBefore}]. `facts` are {count, moments, special, row,
 * durations}: the number of steps, of the frames before the end of a told step, the special steps, the steps of a row,
 * and the fixed duration of each step or 0. A step lasts `step` milliseconds, the last frame `hold`.
 */
export function schedule(facts, step, hold) {
  let beats;
  for (let told = Math.min(TOLD, facts.count); told <= facts.count; told++) {
    beats = held(beatsOf(facts, told, step), hold);
    if (!facts.moments || total(beats) >= LEAST * step) break;
  }
  return stretched(beats, step);
}

function total(beats) {
  return beats.reduce((sum, { duration }) => sum + duration, 0);
}

/** Give the first frame half of the hold, and the last one all of it, at least. */
function held(beats, hold) {
  const [first, last] = [beats[0], beats.at(-1)];
  first.duration = Math.max(Math.floor(hold / 2), first.duration);
  last.duration = Math.max(hold, last.duration);
  return beats;
}

/** Make frames longer, by the same factor, until the whole is long enough or each is as long as it may be. */
function stretched(beats, step) {
  let longer;
  for (let percent = 100; percent <= 100 * LONGEST * FASTEST_SHARE; percent += 10) {
    longer = beats.map((beat) => {
      const stretch = Math.floor((beat.duration * percent) / 1000) * 10;
      return { ...beat, duration: Math.max(beat.duration, Math.min(stretch, LONGEST * step)) };
    });
    if (total(longer) >= LEAST * step) break;
  }
  return longer;
}

/** Return the key frames with the first steps in moments, if there are any, before holds. */
function beatsOf(facts, wanted, step) {
  const duration = Math.floor((step * MOMENT_TENTHS) / 10);
  const told = facts.moments ? wanted : 0;
  const beats = range(told).flatMap((index) => [
    ...range(facts.moments).map((moment) => ({ step: index, duration, moment, isBefore: true })),
    { step: index, duration, moment: facts.moments, isBefore: false },
  ]);
  if (!facts.moments && facts.opens !== false) beats.push({ step: 0, duration, moment: null, isBefore: true });
  const slow = slowSteps(facts, told, step);
  const groups = quickGroups(facts, told, slow);
  const quick = quickDurations(groups.length, step);
  const ends = [...slow, ...groups.map((index, place) => [index, quick[place]])].sort(([one], [other]) => one - other);
  return [...beats, ...ends.map(([index, time]) => ({ step: index, duration: time, moment: null, isBefore: false }))];
}

/** Return the durations of the steps that are not quick, by step. */
function slowSteps({ count, row, special, durations }, told, step) {
  const near = Math.min(row || NEAR, NEAR);
  const later = [...special].filter((index) => index >= told).sort((one, other) => one - other);
  const slowed = new Set(later.slice(0, MOST_SPECIAL));
  const found = new Map();
  for (let index = told; index < count; index++) {
    if (durations?.[index]) found.set(index, durations[index]);
    else if (slowed.has(index)) found.set(index, 2 * step);
    else if (index < near || index >= count - near) found.set(index, step);
  }
  return found;
}

/** Return the last steps of the groups of neighbouring quick steps that are one key frame each. */
function quickGroups({ count }, told, slow) {
  const quick = range(count).filter((index) => index >= told && !slow.has(index));
  const size = Math.max(1, Math.ceil(quick.length / MOST_QUICK_FRAMES));
  let members = 0;
  return quick.filter((index, place) => {
    members += 1;
    const isEnd = members === size || quick[place + 1] !== index + 1;
    if (isEnd) members = 0;
    return isEnd;
  });
}

/** Return durations that fall and rise again, with the longest shortest one for which they are short enough. */
function quickDurations(count, step) {
  const fastest = Math.max(20, Math.floor(Math.floor(step / FASTEST_SHARE) / 10) * 10);
  let durations = Array(count).fill(step);
  for (let least = Math.floor(step / 10) * 10; least >= fastest; least -= 10) {
    if (durations.reduce((sum, one) => sum + one, 0) <= MOST_QUICK * step) break;
    durations = ramped(count, step, least);
  }
  return durations;
}

function ramped(count, step, least) {
  const falling = [];
  let duration = step;
  while (falling.length < Math.ceil(count / 2)) {
    duration = Math.max(least, Math.floor((duration * RAMP_TENTHS) / 100) * 10);
    falling.push(duration);
  }
  return [...falling, ...falling.slice(0, Math.floor(count / 2)).reverse()];
}
