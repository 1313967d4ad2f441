// Between numbers of 32 bytes, little-endian, and lanes of nine integers of 32 bits: two in each of five slots, 16 bytes apart.
import { laneOf } from './lanes';

const DIGITS: usize = 9;
const BITS: i64 = 29;
const LOW_29: u64 = (1 << 29) - 1;

function placeOf(digit: usize): usize {
  return ((digit >> 1) << 4) + ((digit & 1) << 2);
}

/** The unsigned digits of a number into one lane. */
export function unpack(bytes: usize, lane: usize): void {
  for (let i: usize = 0; i < DIGITS; i++) {
    const bit = i * 29;
    const word = bytes + ((bit >> 6) << 3);
    const shift = <u64>(bit & 63);
    let digit = load<u64>(word) >> shift;
    if (shift > 35 && bit < 192) digit |= load<u64>(word, 8) << (64 - shift);
    store<i32>(lane + placeOf(i), <i32>(digit & LOW_29));
  }
  store<i32>(lane + placeOf(DIGITS), 0);
}

/** The digits of an integer between -p and p as the number below p that is equal to it; `p` points to the digits of p. The last digit
 * fills the fourth word. */
export function toCanonical(lane: usize, p: usize, bytes: usize): void {
  let carry: i64 = 0;
  for (let i: usize = 0; i < DIGITS; i++) carry = (carry >> BITS) + <i64>load<i32>(lane + placeOf(i));
  const negative = carry >> 63; // a mask, since a branch would tell the sign
  let sum: i64 = 0;
  let word: u64 = 0;
  let filled: u64 = 0;
  let at = bytes;
  for (let i: usize = 0; i < DIGITS; i++) {
    sum += <i64>load<i32>(lane + placeOf(i)) + (load<i64>(p + 8 * i) & negative);
    const digit = <u64>sum & LOW_29;
    sum >>= BITS;
    word |= digit << filled;
    if (filled + 29 >= 64) {
      store<u64>(at, word);
      at += 8;
      word = digit >> (64 - filled);
      filled -= 35;
    } else filled += 29;
  }
}

/** A lane with its sign turned. */
export function copyTurned(from: usize, to: usize): void {
  for (let i: usize = 0; i < DIGITS; i++) store<i32>(to + placeOf(i), -load<i32>(from + placeOf(i)));
  store<i32>(to + placeOf(DIGITS), 0);
}

/** Turns the sign of a lane where `sign` is -1, and not where it is 0. */
export function turnIf(lane: usize, sign: i32): void {
  for (let i: usize = 0; i < DIGITS - 1; i++) {
    const place = lane + placeOf(i);
    store<i32>(place, (load<i32>(place) ^ sign) - sign);
  }
  const last = lane + placeOf(DIGITS - 1);
  store<i64>(last, (load<i64>(last) ^ <i64>sign) - <i64>sign);
}

/** One of nine quads in a row, after reading all of them. */
export function pick(row: usize, which: i32, into: usize): void {
  for (let slot: usize = 0; slot < 160; slot += 8) {
    let kept: u64 = 0;
    for (let i: usize = 0; i < 9; i++) kept |= load<u64>(row + i * 160 + slot) & <u64>-(<i64>(<i32>i === which));
    store<u64>(into + slot, kept);
  }
}

/** For each of four lanes one of nine half addends of its own, by the sizes of its digits, after reading all of them. */
export function pickEach(row: usize, sizes: usize, into: usize): void {
  for (let slot: usize = 0; slot < 480; slot += 8) {
    const size = load<i64>(sizes + laneAt(slot));
    let kept: u64 = 0;
    for (let i: usize = 0; i < 9; i++) kept |= load<u64>(row + i * 480 + slot) & <u64>-(<i64>(<i64>i === size));
    store<u64>(into + slot, kept);
  }
}

/** The same for one row of nine addends that lie by themselves, and whose fourth lane is 1: each lane gets its own. */
export function pickOwn(row: usize, sizes: usize, into: usize): void {
  for (let slot: usize = 0; slot < 480; slot += 8) {
    const size = load<i64>(sizes + laneAt(slot));
    const quad = slot / 160;
    const from = row + 80 * (quad >> 1) + 8 * (quad & 1) + ((slot % 80) & ~15);
    let kept: u64 = 0;
    for (let i: usize = 0; i < 9; i++) kept |= load<u64>(from + i * 160) & <u64>-(<i64>(<i64>i === size));
    store<u64>(into + slot, kept);
  }
}

/** The half addends of the opposite points in the lanes where the sign is -1, and the same where it is 0. */
export function turnEach(addend: usize, signs: usize): void {
  for (let slot = addend; slot < addend + 160; slot += 8) {
    const sign = load<u64>(signs + laneAt(slot - addend));
    const both = (load<u64>(slot) ^ load<u64>(slot, 320)) & sign;
    store<u64>(slot, load<u64>(slot) ^ both);
    store<u64>(slot, load<u64>(slot, 320) ^ both, 320);
  }
  for (let lane: usize = 0; lane < 4; lane++) turnIf(laneOf(addend + 160, lane), <i32>load<i64>(signs + 8 * lane));
}

/** Where the number of a lane stands among those of four, for a slot of a quad. */
function laneAt(slot: usize): usize {
  return ((slot % 160) / 80) * 16 + (slot & 8);
}
