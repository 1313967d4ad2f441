import { bytesToNumberLE } from '@noble/curves/utils.js';
import { BASE_FIELD_ORDER } from '#lib/protocol/board/signature.ts';
import { FIELD_ORDER } from '#lib/protocol/numbers/field.ts';
import { ByteReader, LayoutError, readSections } from './binary-file.ts';
import { COEFFICIENT_BYTES, NUMBER_BYTES } from './kernel.ts';
import { parseProvingKey } from './proving-key-file.ts';

/** What a proof takes of a Groth16 proving key over BN254. Points are affine, coordinates times 2^256; bytes are views of the file. */
export interface Groth16Key {
  /** Signals of the circuit, with the 1 and the public ones that come first. */
  readonly signals: number;
  readonly publicSignals: number;
  /** Of the domain: a power of two. */
  readonly size: number;
  readonly alpha1: Uint8Array;
  readonly beta1: Uint8Array;
  readonly beta2: Uint8Array;
  readonly delta1: Uint8Array;
  readonly delta2: Uint8Array;
  readonly coefficients: Uint8Array;
  readonly a: Uint8Array;
  readonly b1: Uint8Array;
  readonly b2: Uint8Array;
  readonly c: Uint8Array;
  readonly h: Uint8Array;
}

const G1 = 64;
const G2 = 128;

/** @throws LayoutError when the bytes are no proving key over BN254, or its parts do not fit together */
export function readGroth16Key(zkey: Uint8Array): Groth16Key {
  const parsed = parseProvingKey(zkey);
  if (!parsed.ok) throw new LayoutError(`the proving key cannot be read: ${parsed.detail}`);
  const { header, sections, delta1, delta2 } = parsed.value;
  const reader = new ByteReader(header);
  if (readModulus(reader) !== BASE_FIELD_ORDER || readModulus(reader) !== FIELD_ORDER) throw new LayoutError('a key of another curve');
  const [signals, publicSignals, size] = [reader.u32(), reader.u32(), reader.u32()];
  const [alpha1, beta1, beta2] = [reader.take(G1), reader.take(G1), reader.take(G2)];
  if (publicSignals >= signals || size < 2 || size > 2 ** 27 || (size & (size - 1)) !== 0)
    throw new LayoutError('a key of impossible size');
  const section = (type: number, bytes: number) => {
    const found = sections.get(type) as Uint8Array;
    if (found.length !== bytes) throw new LayoutError(`section ${type} of the proving key has ${found.length} bytes instead of ${bytes}`);
    return found;
  };
  return {
    ...{ signals, publicSignals, size, alpha1, beta1, beta2, delta1, delta2 },
    coefficients: readCoefficients(sections.get(4) as Uint8Array, signals, size),
    a: section(5, signals * G1),
    b1: section(6, signals * G1),
    b2: section(7, signals * G2),
    c: section(8, (signals - publicSignals - 1) * G1),
    h: section(9, size * G1),
  };
}

/** The kernel writes where these say, so every place is looked at. */
function readCoefficients(section: Uint8Array, signals: number, size: number): Uint8Array {
  const count = new ByteReader(section).u32();
  if (section.length !== 4 + count * COEFFICIENT_BYTES) throw new LayoutError('coefficients are missing, or bytes follow the last');
  const view = new DataView(section.buffer, section.byteOffset);
  for (let at = 4; at < section.length; at += COEFFICIENT_BYTES) {
    const [matrix, constraint, signal] = [view.getUint32(at, true), view.getUint32(at + 4, true), view.getUint32(at + 8, true)];
    if (matrix > 1 || constraint >= size || signal >= signals) throw new LayoutError('a coefficient outside its matrix');
  }
  return section.subarray(4);
}

/**
 * The signals of a witness file, 32 bytes each, little-endian: a view of the file.
 * @throws LayoutError when the bytes are no witness over the scalar field, have another number of signals, or one that is not reduced
 */
export function readWitness(file: Uint8Array, signals: number): Uint8Array {
  const sections = readSections(file, { letters: 'wtns', version: 2, most: 2 });
  const header = new ByteReader(sections.get(1) as Uint8Array);
  if (readModulus(header) !== FIELD_ORDER) throw new LayoutError('a witness over another field');
  const count = header.u32();
  const numbers = sections.get(2) as Uint8Array;
  if (count !== signals || numbers.length !== count * NUMBER_BYTES) {
    throw new LayoutError(`the witness has ${count} signals, the proving key is for ${signals}`);
  }
  if (!areReduced(numbers)) throw new LayoutError('a signal of the witness is not below the modulus');
  return numbers;
}

/** Sums take each scalar as it is written, and have no place for more than 254 bits. The highest 32 bits tell nearly always. */
function areReduced(numbers: Uint8Array): boolean {
  const view = new DataView(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  const highest = Number(FIELD_ORDER >> 224n);
  for (let end = NUMBER_BYTES; end <= numbers.length; end += NUMBER_BYTES) {
    const top = view.getUint32(end - 4, true);
    if (top > highest) return false;
    if (top === highest && bytesToNumberLE(numbers.subarray(end - NUMBER_BYTES, end)) >= FIELD_ORDER) return false;
  }
  return true;
}

function readModulus(reader: ByteReader): bigint {
  return bytesToNumberLE(reader.take(reader.u32()));
}
