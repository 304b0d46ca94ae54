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
 * durations, before, after}: the number of steps, of the frames before the end of a told step, the special steps, the
 * steps of a row, the fixed duration of each step or 0, and the numbers of steps without moments before the others and
 * after them. A step lasts `step` milliseconds, the last frame `hold`.
 */
export function schedule(given, step, hold) {
  const facts = { before: 0, after: 0, ...given };
  const tellable = facts.moments ? facts.count - facts.before - facts.after : 0;
  let beats;
  for (let told = Math.min(TOLD, tellable); told <= tellable; told++) {
    beats = held(beatsOf(facts, told, step), hold);
    if (total(beats) >= LEAST * step) break;
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

/** Return the key frames with the first `told` steps that have moments in moments, before holds. */
function beatsOf({ moments, opens = true, ...facts }, told, step) {
  const duration = Math.floor((step * MOMENT_TENTHS) / 10);
  const others = range(facts.count).filter((index) => index < facts.before || index >= facts.before + told);
  const slow = slowSteps(facts, others, step);
  const groups = quickGroups(others, slow);
  const quick = quickDurations(groups.length, step);
  const sorted = [...slow, ...groups.map((at, place) => [at, quick[place]])].sort(([one], [other]) => one - other);
  const ends = sorted.map(([index, time]) => ({ step: index, duration: time, moment: null, isBefore: false }));
  const opening = opens && others[0] === 0 ? [{ step: 0, duration, moment: null, isBefore: true }] : [];
  const inMoments = range(told, facts.before).flatMap((index) =>
    range(moments + 1).map((moment) => ({ step: index, duration, moment, isBefore: moment < moments })),
  );
  const first = ends.filter((beat) => beat.step < facts.before).length;
  return [...opening, ...ends.slice(0, first), ...inMoments, ...ends.slice(first)];
}

/** Return the durations of those of `steps` that are not quick, by step. */
function slowSteps({ count, row, special, durations, before, after }, steps, step) {
  const near = Math.min(row || NEAR, NEAR);
  const inRow = before + Math.max(near - before, Math.min(near, TOLD));
  const isFirst = (index) => index < Math.min(before, NEAR) || (index >= before && index < inRow);
  const slowed = new Set(steps.filter((index) => special.has(index)).slice(0, MOST_SPECIAL));
  const found = new Map();
  for (const index of steps) {
    if (durations?.[index]) found.set(index, durations[index]);
    else if (slowed.has(index)) found.set(index, 2 * step);
    else if (isFirst(index) || (index >= count - after - near)) found.set(index, step);
  }
  return found;
}

/** Return the last steps of the groups of neighbouring quick steps that are one key frame each. */
function quickGroups(steps, slow) {
  const quick = steps.filter((index) => !slow.has(index));
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
