// Products of Miller loops of the optimal ate pairing, four side by side: f over 6 x + 2, and the lines of the two additions after it.
import {
  LOOP,
  LOOP_LENGTH,
  miller_add,
  miller_compare,
  miller_double,
  miller_negate,
  miller_psi,
  ONE,
  twelve_line,
  twelve_sqr,
} from './arithmetic';
import { POINT } from './first-group';
import { isZeroLane, laneOf } from './lanes';
import { allocate, mark, release, scratch } from './memory';

const QUAD: usize = 160;
/** An element of the quadratic extension, and of the one of degree twelve. */
export const PAIR: usize = 2 * QUAD;
export const TWELVE: usize = 6 * PAIR;

/** What a loop works on: P of the first group, x, y and -y of Q of the second, and T. */
export const FIRST: usize = 0;
export const SECOND: usize = POINT;
const OPPOSITE: usize = SECOND + 2 * PAIR;
const MOVING: usize = OPPOSITE + PAIR;
export const TERM: usize = MOVING + 3 * PAIR;

export function setOne(into: usize): void {
  memory.fill(into, 0, TWELVE);
  memory.copy(into, ONE, QUAD);
}

/**
 * f = the product of the Miller loops of all terms, lane by lane, with one squaring a step for all of them. `outside` gets a byte for
 * each lane of each term: 0 where Q lies in the subgroup; where it does not, f means nothing in that lane.
 */
export function multiplyLoops(terms: usize, count: usize, f: usize, outside: usize): void {
  const start = mark();
  const line = allocate(3 * PAIR);
  const end = terms + count * TERM;
  for (let term = terms; term < end; term += TERM) begin(term);
  setOne(f);
  for (let i: usize = 0; i < LOOP_LENGTH; i++) {
    const digit = load<i8>(LOOP + i);
    twelve_sqr(f, f, scratch());
    for (let term = terms; term < end; term += TERM) {
      miller_double(term + MOVING, term + FIRST, line, scratch());
      twelve_line(f, line, scratch());
      if (digit === 0) continue;
      const y = digit > 0 ? term + SECOND + PAIR : term + OPPOSITE;
      addTo(term, term + SECOND, y, line, f);
    }
  }
  for (let i: usize = 0; i < count; i++) finish(terms + i * TERM, line, f, outside + 4 * i);
  release(start);
}

/** T = Q. */
function begin(term: usize): void {
  miller_negate(term + SECOND + PAIR, term + OPPOSITE);
  memory.copy(term + MOVING, term + SECOND, 2 * PAIR);
  memory.fill(term + MOVING + 2 * PAIR, 0, PAIR);
  memory.copy(term + MOVING + 2 * PAIR, ONE, QUAD);
}

function addTo(term: usize, x: usize, y: usize, line: usize, f: usize): void {
  miller_add(term + MOVING, x, y, term + FIRST, line, scratch());
  twelve_line(f, line, scratch());
}

/**
 * Adds ψ(Q) and -ψ²(Q). Then T = [6 x + 2] Q + ψ(Q) - ψ²(Q), and Q lies in the subgroup exactly where that is -ψ³(Q): see
 * kernel/README.md for why. A T that is infinite, or was before, has Z = 0.
 */
function finish(term: usize, line: usize, f: usize, outside: usize): void {
  const start = mark();
  const once = allocate(2 * PAIR);
  const twice = allocate(2 * PAIR);
  miller_psi(term + SECOND, once, scratch());
  addTo(term, once, once + PAIR, line, f);
  miller_psi(once, twice, scratch());
  miller_negate(twice + PAIR, twice + PAIR);
  addTo(term, twice, twice + PAIR, line, f);
  miller_psi(twice, once, scratch());
  const difference = allocate(3 * PAIR);
  miller_compare(term + MOVING, once, difference, scratch());
  for (let lane: usize = 0; lane < 4; lane++) {
    const equal = isZeroAt(difference, lane) && isZeroAt(difference + PAIR, lane);
    store<u8>(outside + lane, equal && !isZeroAt(difference + 2 * PAIR, lane) ? 0 : 1);
  }
  release(start);
}

/** Whether an element of the quadratic extension, reduced, is 0 in a lane. */
export function isZeroAt(pair: usize, lane: usize): bool {
  return isZeroLane(laneOf(pair, lane)) && isZeroLane(laneOf(pair + QUAD, lane));
}
