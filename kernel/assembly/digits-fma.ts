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
  const negative = carry < 0;
  let sum: i64 = 0;
  let word: u64 = 0;
  let filled: u64 = 0;
  let at = bytes;
  for (let i: usize = 0; i < 5; i++) {
    sum += <i64>load<f64>(lane + 16 * i) + (negative ? load<i64>(p + 8 * i) : 0);
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

/** a b + c: which way it is rounded tells whether the machine's multiply-add is fused. */
export function multiplyAdd(a: f64, b: f64, c: f64): f64 {
  return f64x2.extract_lane(v128.relaxed_madd<f64>(f64x2.splat(a), f64x2.splat(b), f64x2.splat(c)), 0);
}
