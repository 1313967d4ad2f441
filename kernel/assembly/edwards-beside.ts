// Points of Baby Jubjub four side by side, a lane each: see generator/edwards-beside.ts. Point i of many is lane i mod 4 of group i / 4.
import { beside_enter, beside_half_addend, beside_leave, edwards_add, edwards_addend, FR_ONE, fr_mul4, fr_P, IDENTITY } from './arithmetic';
import { toCanonical, unpack } from './digits';
import { POINT_BYTES, QUAD } from './edwards-points';
import { invertQuad } from './edwards-power';
import { copyLane, laneOf } from './lanes';
import { allocate, mark, release, scratch } from './memory';

/** X, Y, T and Z of four points. */
export const GROUP: usize = 4 * QUAD;
/** Of four addends, half of what a point is for them: three quads. */
export const HALF_ADDEND: usize = 3 * QUAD;
const Z: usize = 3 * QUAD;

/** Points from outside, whose number four divides. They take 160 bytes each. */
export function enterAll(bytes: usize, count: usize, into: usize): void {
  for (let i: usize = 0; i < count; i++) {
    const group = into + (i >> 2) * GROUP;
    for (let c: usize = 0; c < 4; c++) unpack(bytes + i * POINT_BYTES + 32 * c, laneOf(group + c * QUAD, i & 3));
    if ((i & 3) === 3) beside_enter(group);
  }
}

/** Points whose number four divides as they are outside, with a Z of 1 and one inversion. Nothing of use is left in their place. */
export function leaveAll(points: usize, count: usize, bytes: usize): void {
  const start = mark();
  const inverses = invertAll(points, count >> 2);
  for (let i: usize = 0; i < count; i++) {
    const group = points + (i >> 2) * GROUP;
    if ((i & 3) === 0) beside_leave(group, inverses + (i >> 2) * QUAD, scratch());
    const point = bytes + i * POINT_BYTES;
    for (let c: usize = 0; c < 3; c++) toCanonical(laneOf(group + c * QUAD, i & 3), fr_P, point + 32 * c);
    memory.fill(point + 96, 0, 32);
    store<u64>(point + 96, 1);
  }
  release(start);
}

/** The half addends of groups of points: with one inversion, points whose Z is 1. */
export function toHalfAddends(points: usize, groups: usize, into: usize): void {
  const start = mark();
  const inverses = invertAll(points, groups);
  for (let g: usize = 0; g < groups; g++) beside_half_addend(points + g * GROUP, inverses + g * QUAD, into + g * HALF_ADDEND, scratch());
  release(start);
}

/** 1 / Z of groups of points, which is never 0 (Montgomery's trick in each lane). The caller takes back the place. */
function invertAll(points: usize, groups: usize): usize {
  const inverses = allocate(groups * QUAD);
  const running = allocate(QUAD);
  memory.copy(running, FR_ONE, QUAD);
  for (let g: usize = 0; g < groups; g++) {
    memory.copy(inverses + g * QUAD, running, QUAD);
    fr_mul4(running, points + g * GROUP + Z, running);
  }
  invertQuad(running, running);
  for (let g = groups; g > 0; g--) {
    const inverse = inverses + (g - 1) * QUAD;
    fr_mul4(inverse, running, inverse);
    fr_mul4(running, points + (g - 1) * GROUP + Z, running);
  }
  return inverses;
}

export function setIdentities(group: usize): void {
  memory.fill(group, 0, GROUP);
  memory.copy(group + QUAD, FR_ONE, QUAD);
  memory.copy(group + Z, FR_ONE, QUAD);
}

/** A point by itself to its place among many. */
export function putPoint(point: usize, points: usize, i: usize): void {
  for (let c: usize = 0; c < 4; c++) copyLane(laneOf(point, c), laneOf(points + (i >> 2) * GROUP + c * QUAD, i & 3));
}

/** The sum of the four points of a group, as a point by itself. */
export function addLanes(group: usize, into: usize): void {
  const start = mark();
  const point = allocate(QUAD);
  memory.copy(into, IDENTITY, QUAD);
  for (let lane: usize = 0; lane < 4; lane++) {
    for (let c: usize = 0; c < 4; c++) copyLane(laneOf(group + c * QUAD, lane), laneOf(point, c));
    edwards_addend(point, point, scratch());
    edwards_add(into, point, into, scratch());
  }
  release(start);
}
