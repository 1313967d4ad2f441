// Additions of affine points by the hundred, with one inversion (Montgomery's trick over four lanes). Complete: equal points are
// doubled and opposite ones give infinity. Infinite points must not come in: `sum.ts` leaves them out.
import {
  g1_accumulate,
  g1_double_y,
  g1_dx,
  g1_dy,
  g1_finish,
  g1_norm,
  g1_split,
  g1_tangent,
  g1_unnorm,
  g2_accumulate,
  g2_double_y,
  g2_dx,
  g2_dy,
  g2_finish,
  g2_norm,
  g2_split,
  g2_tangent,
  g2_unnorm,
  ONE,
} from './arithmetic';
import { invertQuad } from './field';
import { copyLane, isZeroLane, laneOf } from './lanes';
import { allocate, mark, release, scratch } from './memory';
import { pointSize } from './points';

/** Bytes of a job: pointers to two points, with bit 0 for a turned sign, and to their sum. */
export const JOB: usize = 12;
const GROUP: usize = 4 * JOB;

/** What to do with a job whose x are equal; 0 is the chord through two points. */
const TANGENT: u8 = 1;
const OPPOSITE: u8 = 2;

/** Bytes for `count` jobs, which are filled up to a multiple of four. */
export function jobBytes(count: usize): usize {
  return (count + 3) * JOB;
}

export function setJob(jobs: usize, at: usize, p: usize, q: usize, into: usize): void {
  const job = jobs + at * JOB;
  store<u32>(job, <u32>p);
  store<u32>(job, <u32>q, 4);
  store<u32>(job, <u32>into, 8);
}

/** Does the jobs. No sum may lie where a point of another job lies. */
export function addPoints(degree: i32, jobs: usize, count: usize): void {
  if (count === 0) return;
  const start = mark();
  const groups = fillUp(degree, jobs, count);
  const size = <usize>degree * 160;
  const factors = allocate(groups * size);
  const before = allocate(groups * size);
  const kinds = allocate(groups * 4);
  const running = allocate(size);
  setOne(degree, running);
  for (let g: usize = 0; g < groups; g++) {
    const factor = factors + g * size;
    difference(degree, 0, jobs + g * GROUP, factor);
    judge(degree, jobs + g * GROUP, factor, kinds + 4 * g);
    memory.copy(before + g * size, running, size);
    if (degree === 1) g1_accumulate(running, factor, scratch());
    else g2_accumulate(running, factor, scratch());
  }
  invertElement(degree, running);
  const rise = allocate(size);
  const inverse = allocate(size);
  for (let g = groups - 1; <isize>g >= 0; g--) {
    const job = jobs + g * GROUP;
    if (degree === 1) g1_split(running, factors + g * size, before + g * size, inverse, scratch());
    else g2_split(running, factors + g * size, before + g * size, inverse, scratch());
    difference(degree, 1, job, rise);
    const kind = kinds + 4 * g;
    if (load<u32>(kind) !== 0) setTangents(degree, job, kind, rise);
    if (degree === 1) g1_finish(job, rise, inverse, scratch());
    else g2_finish(job, rise, inverse, scratch());
    if (load<u32>(kind) !== 0) setInfinities(degree, job, kind);
  }
  release(start);
}

/** Adds jobs that harm nobody up to a multiple of four: (0, 0) and (1, 0), whose x differ. */
function fillUp(degree: i32, jobs: usize, count: usize): usize {
  const groups = (count + 3) >> 2;
  if ((count & 3) !== 0) {
    const size = pointSize(degree);
    const points = allocate(3 * size);
    memory.fill(points, 0, 3 * size);
    copyLane(ONE, points + size);
    for (let at = count; at < groups << 2; at++) setJob(jobs, at, points, points + size, points + 2 * size);
  }
  return groups;
}

function difference(degree: i32, axis: i32, job: usize, into: usize): void {
  if (degree === 1) {
    if (axis === 0) g1_dx(job, into);
    else g1_dy(job, into);
  } else if (axis === 0) g2_dx(job, into);
  else g2_dy(job, into);
}

/** Where x is the same: a denominator that is not 0, and what to do instead. */
function judge(degree: i32, job: usize, factor: usize, kind: usize): void {
  store<u32>(kind, 0);
  for (let lane: usize = 0; lane < 4; lane++) {
    if (!isZero(degree, factor, lane)) continue;
    const start = mark();
    const other = allocate(<usize>degree * 160);
    difference(degree, 1, job, other);
    const same = isZero(degree, other, lane);
    if (!same) setOne(degree, other);
    else if (degree === 1) g1_double_y(job, other);
    else g2_double_y(job, other);
    copyElement(degree, other, factor, lane);
    store<u8>(kind + lane, same ? TANGENT : OPPOSITE);
    release(start);
  }
}

function setTangents(degree: i32, job: usize, kind: usize, rise: usize): void {
  const start = mark();
  const tangents = allocate(<usize>degree * 160);
  if (degree === 1) g1_tangent(job, tangents, scratch());
  else g2_tangent(job, tangents, scratch());
  for (let lane: usize = 0; lane < 4; lane++) if (load<u8>(kind + lane) === TANGENT) copyElement(degree, tangents, rise, lane);
  release(start);
}

function setInfinities(degree: i32, job: usize, kind: usize): void {
  for (let lane: usize = 0; lane < 4; lane++) {
    if (load<u8>(kind + lane) === OPPOSITE) memory.fill(<usize>load<u32>(job + lane * JOB, 8), 0, pointSize(degree));
  }
}

/** 1/a for each lane; no lane is 0. */
function invertElement(degree: i32, a: usize): void {
  const start = mark();
  const norm = allocate(160);
  if (degree === 1) g1_norm(a, norm, scratch());
  else g2_norm(a, norm, scratch());
  invertQuad(norm, norm);
  if (degree === 1) g1_unnorm(a, norm, a, scratch());
  else g2_unnorm(a, norm, a, scratch());
  release(start);
}

function setOne(degree: i32, element: usize): void {
  memory.copy(element, ONE, 160);
  if (degree === 2) memory.fill(element + 160, 0, 160);
}

function isZero(degree: i32, element: usize, lane: usize): bool {
  return isZeroLane(laneOf(element, lane)) && (degree === 1 || isZeroLane(laneOf(element + 160, lane)));
}

function copyElement(degree: i32, from: usize, to: usize, lane: usize): void {
  for (let c: usize = 0; c < <usize>degree; c++) copyLane(laneOf(from + 160 * c, lane), laneOf(to + 160 * c, lane));
}
