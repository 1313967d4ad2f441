// Four equations of Groth16 side by side, one a lane, each of it over some proofs with powers ρ:
// Π e(-ρ A, B) · e(Σ ρ · α, β) · e(Σ σ_j IC_j, γ) · e(Σ ρ C, δ) = 1. Lanes never meet, so what is wrong in one says nothing of another.
import { first_negate, first_off, miller_off, numbers_enter } from './arithmetic';
import { unpack } from './digits';
import { exponentiate, isOneAt } from './final';
import { cutAll, SHORT_WINDOWS, sumProducts, WINDOWS } from './first-group';
import { laneOf } from './lanes';
import { allocate, mark, release, scratch } from './memory';
import { FIRST, isZeroAt, multiplyLoops, PAIR, SECOND, TERM, TWELVE } from './miller';

const QUAD: usize = 160;
/** Of numbers: 32 bytes, little-endian. A point of the first group has two, one of the second four, a proof A, B and C. */
const FIRST_BYTES: usize = 64;
const SECOND_BYTES: usize = 128;
const PROOF_BYTES: usize = 256;

/** What is said of a proof. */
const OFF_CURVE: u8 = 1;
const OUTSIDE: u8 = 2;

/**
 * `proofs` holds 4 · `quads` of them: the first of each lane, then the second, and so on. A place that has none repeats points of
 * the key, with power 0. Coordinates are below p. `powers` are as many scalars below 2^128. `weights` are scalars below r, four for
 * each of the `inputs` points IC, one a lane; those of the first are the sums of the powers. `key` is α, β, γ, δ and IC.
 *
 * `verdicts` gets a byte for each proof: 1 where a point is off its curve, 2 where B is outside its subgroup, else 0. Then one for each
 * lane: 1 where its equation holds. They mean something only where all others are 0.
 */
export function checkEquations(
  proofs: usize,
  powers: usize,
  quads: usize,
  weights: usize,
  key: usize,
  inputs: usize,
  verdicts: usize,
): void {
  const start = mark();
  const count = quads << 2;
  memory.fill(verdicts, 0, count + 4);
  const terms = allocate((quads + 3) * TERM);
  const a = allocate(quads * 2 * QUAD);
  const c = allocate(quads * 2 * QUAD);
  let isOn = true;
  for (let i: usize = 0; i < quads; i++) {
    const from = proofs + 4 * i * PROOF_BYTES;
    const on = verdicts + 4 * i;
    isOn = enterPoints(1, from, PROOF_BYTES, a + i * 2 * QUAD, on) && isOn;
    isOn = enterPoints(2, from + FIRST_BYTES, PROOF_BYTES, terms + i * TERM + SECOND, on) && isOn;
    isOn = enterPoints(1, from + FIRST_BYTES + SECOND_BYTES, PROOF_BYTES, c + i * 2 * QUAD, on) && isOn;
  }
  if (isOn) {
    const digits = cutAll(powers, count);
    for (let i: usize = 0; i < quads; i++) {
      const first = terms + i * TERM + FIRST;
      sumProducts(a + i * 2 * QUAD, 0, digits + 4 * i * WINDOWS, 1, SHORT_WINDOWS, first);
      first_negate(first + QUAD, first + QUAD);
    }
    const fixed = terms + quads * TERM;
    isOn = enterKey(key, inputs, weights, fixed);
    sumProducts(c, 2 * QUAD, digits, quads, SHORT_WINDOWS, fixed + 2 * TERM + FIRST);
    if (isOn) judge(terms, quads, verdicts);
  }
  release(start);
}

/** The three terms that are the same for all proofs, but for what C gives the last. Returns whether all points are on their curves. */
function enterKey(key: usize, inputs: usize, weights: usize, fixed: usize): bool {
  const start = mark();
  const alpha = allocate(2 * QUAD);
  const ic = allocate(inputs * 2 * QUAD);
  const on = allocate(4);
  memory.fill(on, 0, 4);
  let isOn = enterPoints(1, key, 0, alpha, on);
  for (let i: usize = 0; i < 3; i++) {
    isOn = enterPoints(2, key + FIRST_BYTES + i * SECOND_BYTES, 0, fixed + i * TERM + SECOND, on) && isOn;
  }
  const from = key + FIRST_BYTES + 3 * SECOND_BYTES;
  for (let i: usize = 0; i < inputs; i++) isOn = enterPoints(1, from + i * FIRST_BYTES, 0, ic + i * 2 * QUAD, on) && isOn;
  const digits = cutAll(weights, 4 * inputs);
  sumProducts(alpha, 0, digits, 1, WINDOWS, fixed + FIRST);
  sumProducts(ic, 2 * QUAD, digits, inputs, WINDOWS, fixed + TERM + FIRST);
  release(start);
  return isOn;
}

/** The loops, and where all points are in their groups the final exponentiation. */
function judge(terms: usize, quads: usize, verdicts: usize): void {
  const start = mark();
  const f = allocate(TWELVE);
  const count = quads << 2;
  const outside = allocate(count + 12);
  multiplyLoops(terms, quads + 3, f, outside);
  let isInside = true;
  for (let i: usize = 0; i < count + 12; i++) {
    if (load<u8>(outside + i) === 0) continue;
    isInside = false;
    if (i < count) store<u8>(verdicts + i, OUTSIDE);
  }
  if (isInside) {
    exponentiate(f);
    for (let lane: usize = 0; lane < 4; lane++) store<u8>(verdicts + count + lane, isOneAt(f, lane) ? 1 : 0);
  }
  release(start);
}

/** Four points of the first or the second group, `stride` bytes apart. Marks those off their curve, and returns whether there is none. */
function enterPoints(degree: usize, bytes: usize, stride: usize, into: usize, off: usize): bool {
  const start = mark();
  const difference = allocate(PAIR);
  memory.fill(difference, 0, PAIR); // of which the first group writes the first half
  enterNumbers(bytes, stride, 2 * degree, into);
  if (degree === 1) first_off(into, difference, scratch());
  else miller_off(into, difference, scratch());
  let isOn = true;
  for (let lane: usize = 0; lane < 4; lane++) if (!isZeroAt(difference, lane)) isOn = markOff(off + lane);
  release(start);
  return isOn;
}

function markOff(verdict: usize): bool {
  store<u8>(verdict, OFF_CURVE);
  return false;
}

/** Numbers of four things that lie `stride` bytes apart, one a lane, quad after quad. */
function enterNumbers(bytes: usize, stride: usize, count: usize, into: usize): void {
  for (let i: usize = 0; i < count; i++) {
    const quad = into + i * QUAD;
    for (let lane: usize = 0; lane < 4; lane++) unpack(bytes + lane * stride + 32 * i, laneOf(quad, lane));
    numbers_enter(quad);
  }
}
