// Between numbers of 32 bytes, little-endian, and lanes of five doubles, 16 bytes apart.

const LOW_51: u64 = (1 << 51) - 1;

/** The unsigned digits of a number into one lane. */
export function unpack(bytes: usize, lane: usize): void {
  const a = load<u64>(bytes);
  const b = load<u64>(bytes, 8);
  const c = load<u64>(bytes, 16);
  const d = load<u64>(bytes, 24);
  store<f64>(lane, <f64>(<i64>(a & LOW_51)));
  store<f64>(lane, <f64>(<i64>(((a >> 51) | (b << 13)) & LOW_51)), 16);
  store<f64>(lane, <f64>(<i64>(((b >> 38) | (c << 26)) & LOW_51)), 32);
  store<f64>(lane, <f64>(<i64>(((c >> 25) | (d << 39)) & LOW_51)), 48);
  store<f64>(lane, <f64>(<i64>(d >> 12)), 64);
}

/** The digits of an integer between -p and p as the number below p that is equal to it; `p` points to the digits of p. */
export function toCanonical(lane: usize, p: usize, bytes: usize): void {
  let carry: i64 = 0;
  for (let i: usize = 0; i < 5; i++) carry = (carry >> 51) + <i64>load<f64>(lane + 16 * i);
  const negative = carry >> 63; // a mask, since a branch would tell the sign
  let sum: i64 = 0;
  let word: u64 = 0;
  let filled: u64 = 0;
  let at = bytes;
  for (let i: usize = 0; i < 5; i++) {
    sum += <i64>load<f64>(lane + 16 * i) + (load<i64>(p + 8 * i) & negative);
    const digit = <u64>sum & LOW_51;
    sum >>= 51;
    word |= digit << filled;
    if (filled + 51 >= 64) {
      store<u64>(at, word);
      at += 8;
      word = digit >> (64 - filled);
      filled -= 13;
    } else filled += 51;
  }
  store<u64>(at, word);
}

/** A lane with its sign turned. */
export function copyTurned(from: usize, to: usize): void {
  for (let i: usize = 0; i < 80; i += 16) store<f64>(to + i, -load<f64>(from + i));
}

/** Turns the sign of a lane where `sign` is -1, and not where it is 0. */
export function turnIf(lane: usize, sign: i32): void {
  const turned = (<u64>sign) << 63;
  for (let i: usize = 0; i < 80; i += 16) store<u64>(lane + i, load<u64>(lane + i) ^ turned);
}

/** One of nine quads in a row, after reading all of them. */
export function pick(row: usize, which: i32, into: usize): void {
  const a = mask(which, 0),
    b = mask(which, 1),
    c = mask(which, 2),
    d = mask(which, 3),
    e = mask(which, 4),
    f = mask(which, 5),
    g = mask(which, 6),
    h = mask(which, 7),
    i = mask(which, 8);
  for (let slot = row; slot < row + 160; slot += 16) {
    const first = v128.or(v128.and(v128.load(slot), a), v128.or(v128.and(v128.load(slot, 160), b), v128.and(v128.load(slot, 320), c)));
    const second = v128.or(
      v128.and(v128.load(slot, 480), d),
      v128.or(v128.and(v128.load(slot, 640), e), v128.and(v128.load(slot, 800), f)),
    );
    const third = v128.or(
      v128.and(v128.load(slot, 960), g),
      v128.or(v128.and(v128.load(slot, 1120), h), v128.and(v128.load(slot, 1280), i)),
    );
    v128.store(into + (slot - row), v128.or(first, v128.or(second, third)));
  }
}

function mask(which: i32, index: i32): v128 {
  return i64x2.splat(-(<i64>(which === index)));
}

/** a b + c: which way it is rounded tells whether the machine's multiply-add is fused. */
export function multiplyAdd(a: f64, b: f64, c: f64): f64 {
  return f64x2.extract_lane(v128.relaxed_madd<f64>(f64x2.splat(a), f64x2.splat(b), f64x2.splat(c)), 0);
}
