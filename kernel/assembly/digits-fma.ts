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

/** For each of four lanes one of nine half addends of its own, by the sizes of its digits, after reading all of them. */
export function pickEach(row: usize, sizes: usize, into: usize): void {
  for (let block: usize = 0; block < 160; block += 80) {
    const which = v128.load(sizes + block / 5);
    const a = masks(which, 0),
      b = masks(which, 1),
      c = masks(which, 2),
      d = masks(which, 3),
      e = masks(which, 4),
      f = masks(which, 5),
      g = masks(which, 6),
      h = masks(which, 7),
      i = masks(which, 8);
    for (let quad: usize = 0; quad < 480; quad += 160) {
      for (let slot: usize = quad + block; slot < quad + block + 80; slot += 16) {
        const at = row + slot;
        const first = v128.or(v128.and(v128.load(at), a), v128.or(v128.and(v128.load(at, 480), b), v128.and(v128.load(at, 960), c)));
        const second = v128.or(
          v128.and(v128.load(at, 1440), d),
          v128.or(v128.and(v128.load(at, 1920), e), v128.and(v128.load(at, 2400), f)),
        );
        const third = v128.or(
          v128.and(v128.load(at, 2880), g),
          v128.or(v128.and(v128.load(at, 3360), h), v128.and(v128.load(at, 3840), i)),
        );
        v128.store(into + slot, v128.or(first, v128.or(second, third)));
      }
    }
  }
}

/** The same for one row of nine addends that lie by themselves, and whose fourth lane is 1: each lane gets its own. */
export function pickOwn(row: usize, sizes: usize, into: usize): void {
  for (let block: usize = 0; block < 160; block += 80) {
    const which = v128.load(sizes + block / 5);
    const a = masks(which, 0),
      b = masks(which, 1),
      c = masks(which, 2),
      d = masks(which, 3),
      e = masks(which, 4),
      f = masks(which, 5),
      g = masks(which, 6),
      h = masks(which, 7),
      i = masks(which, 8);
    for (let quad: usize = 0; quad < 3; quad++) {
      const from = row + 80 * (quad >> 1) + 8 * (quad & 1);
      for (let slot: usize = 0; slot < 80; slot += 16) {
        const at = from + slot;
        const first = v128.or(
          v128.and(v128.load64_splat(at), a),
          v128.or(v128.and(v128.load64_splat(at, 160), b), v128.and(v128.load64_splat(at, 320), c)),
        );
        const second = v128.or(
          v128.and(v128.load64_splat(at, 480), d),
          v128.or(v128.and(v128.load64_splat(at, 640), e), v128.and(v128.load64_splat(at, 800), f)),
        );
        const third = v128.or(
          v128.and(v128.load64_splat(at, 960), g),
          v128.or(v128.and(v128.load64_splat(at, 1120), h), v128.and(v128.load64_splat(at, 1280), i)),
        );
        v128.store(into + 160 * quad + block + slot, v128.or(first, v128.or(second, third)));
      }
    }
  }
}

/** The half addends of the opposite points in the lanes where the sign is -1, and the same where it is 0. */
export function turnEach(addend: usize, signs: usize): void {
  for (let block: usize = 0; block < 160; block += 80) {
    const sign = v128.load(signs + block / 5);
    const turned = i64x2.shl(sign, 63);
    for (let slot: usize = addend + block; slot < addend + block + 80; slot += 16) {
      const both = v128.and(v128.xor(v128.load(slot), v128.load(slot, 320)), sign);
      v128.store(slot, v128.xor(v128.load(slot), both));
      v128.store(slot, v128.xor(v128.load(slot, 320), both), 320);
      v128.store(slot, v128.xor(v128.load(slot, 160), turned), 160);
    }
  }
}

function masks(which: v128, index: i32): v128 {
  return i64x2.eq(which, i64x2.splat(index));
}

function mask(which: i32, index: i32): v128 {
  return i64x2.splat(-(<i64>(which === index)));
}

/** a b + c: which way it is rounded tells whether the machine's multiply-add is fused. */
export function multiplyAdd(a: f64, b: f64, c: f64): f64 {
  return f64x2.extract_lane(v128.relaxed_madd<f64>(f64x2.splat(a), f64x2.splat(b), f64x2.splat(c)), 0);
}
