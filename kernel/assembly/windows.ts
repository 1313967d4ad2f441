// Scalars cut into signed digits of a width that suits them.
import { allocate } from './memory';

const SCALAR_BITS: i32 = 254;
const MOST_BITS: i32 = 14;

/** Bits of a window; windows; sizes of a digit, 1 to half. */
export let bits: i32 = 0;
export let windows: usize = 0;
export let half: usize = 0;
/** Digits of 16 bits, window by window, and how many of each window are not 0. */
let digits: usize = 0;
let filled: usize = 0;
let points: usize = 0;

export function digitOf(window: usize, point: usize): i32 {
  return load<i16>(digits + ((window * points + point) << 1));
}

export function entriesOf(window: usize): u32 {
  return load<u32>(filled + (window << 2));
}

/** Cuts `count` scalars of 32 bytes below r. Those whose byte in `skipped` is not 0, if that is no null pointer, count as 0. */
export function cut(scalars: usize, count: usize, skipped: usize): void {
  bits = chooseWidth(scalars, count);
  windows = SCALAR_BITS / bits + 1; // also the carry of the highest
  half = 1 << (bits - 1);
  points = count;
  digits = allocate(windows * count * 2);
  filled = allocate(windows * 4);
  memory.fill(filled, 0, windows * 4);
  for (let i: usize = 0; i < count; i++) {
    const skip = skipped !== 0 && load<u8>(skipped + i) !== 0;
    let carry = 0;
    for (let window: usize = 0; window < windows; window++) {
      let digit = skip ? 0 : bitsAt(scalars + 32 * i, <i32>window * bits) + carry;
      carry = digit > <i32>half ? 1 : 0;
      digit -= carry << bits;
      store<i16>(digits + ((window * count + i) << 1), <i16>digit);
      if (digit !== 0) store<u32>(filled + (window << 2), load<u32>(filled + (window << 2)) + 1);
    }
  }
}

/** The next `bits` bits from a place on. */
function bitsAt(scalar: usize, place: i32): i32 {
  const word = place >> 6;
  const shift = <u64>(place & 63);
  let value = load<u64>(scalar + <usize>(word << 3)) >> shift;
  if (shift + <u64>bits > 64 && word < 3) value |= load<u64>(scalar + <usize>(word << 3), 8) << (64 - shift);
  return <i32>(value & ((1 << (<u64>bits)) - 1));
}

/** The width with the fewest additions: a digit is one, a bucket two. Many scalars of a witness are short. */
function chooseWidth(scalars: usize, count: usize): i32 {
  let best = 2;
  let least: u64 = u64.MAX_VALUE;
  const lengths = allocate((SCALAR_BITS + 1) * 4);
  memory.fill(lengths, 0, (SCALAR_BITS + 1) * 4);
  for (let i: usize = 0; i < count; i++) {
    const length = lengths + ((<usize>lengthOf(scalars + 32 * i)) << 2);
    store<u32>(length, load<u32>(length) + 1);
  }
  for (let width = 2; width <= MOST_BITS; width++) {
    let cost: u64 = (<u64>(SCALAR_BITS / width + 1)) << (<u64>width);
    for (let length = 1; length <= SCALAR_BITS; length++) {
      cost += <u64>load<u32>(lengths + ((<usize>length) << 2)) * <u64>((length + width - 1) / width);
    }
    if (cost >= least) continue;
    least = cost;
    best = width;
  }
  return best;
}

function lengthOf(scalar: usize): i32 {
  for (let word: i32 = 3; word >= 0; word--) {
    const value = load<u64>(scalar + <usize>(word << 3));
    if (value !== 0) return 64 * (word + 1) - <i32>clz<u64>(value);
  }
  return 0;
}
