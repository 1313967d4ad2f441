import { concatBytes, numberToBytesLE } from '@noble/curves/utils.js';
import { BASE_FIELD_ORDER } from '#lib/protocol/board/signature.ts';
import { numberBytes, pointBytes, R } from './points.ts';

/** Draws a number below the limit. */
type Draw = (limit: number) => number;

/** Numbers that look random and are the same in every run (mulberry32). */
export function drawer(seed: number): Draw {
  let state = seed;
  return (limit: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return Math.floor((((x ^ (x >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

const u32 = (value: number) => numberToBytesLE(value, 4);
const bytesOf = (value: bigint) => concatBytes(u32(32), numberToBytesLE(value, 32));

function file(letters: string, version: number, sections: readonly Uint8Array[]): Uint8Array {
  const parts = sections.flatMap((section, i) => [u32(i + 1), numberToBytesLE(section.length, 8), section]);
  return concatBytes(new TextEncoder().encode(letters), u32(version), u32(sections.length), ...parts);
}

/**
 * A proving key of no circuit: neither prover looks at more than its form. Its points are small multiples of the generators,
 * infinity among them, so that equal and opposite ones meet all the time; keys of real circuits hold such points, though fewer.
 */
export function makeSyntheticKey(signals: number, publicSignals: number, size: number, draw: Draw): Uint8Array {
  const point = (degree: 1 | 2) => pointBytes(degree, BigInt(draw(15) - 7));
  const points = (degree: 1 | 2, count: number) => concatBytes(...Array.from({ length: count }, () => point(degree)));
  const finite = (degree: 1 | 2) => pointBytes(degree, BigInt(1 + draw(7)));
  const numbers = [signals, publicSignals, size].map(u32);
  const header = concatBytes(
    ...[bytesOf(BASE_FIELD_ORDER), bytesOf(R), ...numbers, finite(1), finite(1), finite(2), finite(2), finite(1), finite(2)],
  );
  const coefficients = Array.from({ length: 3 * size }, () =>
    concatBytes(u32(draw(2)), u32(draw(size)), u32(draw(signals)), numberBytes(drawField(draw))),
  );
  return file('zkey', 1, [
    ...[u32(1), header, points(1, publicSignals + 1), concatBytes(u32(coefficients.length), ...coefficients)],
    ...[points(1, signals), points(1, signals), points(2, signals), points(1, signals - publicSignals - 1), points(1, size)],
    concatBytes(new Uint8Array(64), u32(0)),
  ]);
}

export function makeWitnessFile(values: readonly bigint[]): Uint8Array {
  return file('wtns', 2, [concatBytes(bytesOf(R), u32(values.length)), concatBytes(...values.map(numberBytes))]);
}

/** A field element, often one at the ends of the field or short. */
export function drawField(draw: Draw): bigint {
  const ends = [0n, 1n, 2n, R - 1n, R - 2n, R / 2n, 1n << 64n, (1n << 253n) - 1n];
  const wide = Array.from({ length: 9 }, () => draw(2 ** 31)).reduce((sum, word) => (sum << 31n) | BigInt(word), 0n) % R;
  return [ends[draw(ends.length)] as bigint, wide & 0xffffn, wide, wide][draw(4)] as bigint;
}
