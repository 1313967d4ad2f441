import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { ByteReader, LayoutError, readSections } from './binary-file.ts';
import type { CurvePoint } from './snarkjs.ts';

/** One contribution as the proving key records it. Points are affine, in the library's own form. */
export interface RecordedContribution {
  readonly deltaAfter: CurvePoint;
  readonly s: CurvePoint;
  readonly sx: CurvePoint;
  readonly spx: CurvePoint;
  /** Hash of everything before this contribution, which its G2 point must be derived from. */
  readonly transcript: Uint8Array;
  readonly name: string;
  readonly beacon: { readonly value: Uint8Array; readonly iterations: number } | null;
}

/** A proving key taken apart. Bytes are views of the file. */
export interface ProvingKeyFile {
  readonly header: Uint8Array;
  readonly sections: ReadonlyMap<number, Uint8Array>;
  readonly delta1: CurvePoint;
  readonly delta2: CurvePoint;
  readonly circuitHash: Uint8Array;
  readonly contributions: readonly RecordedContribution[];
}

const G1 = 64;
const G2 = 128;
/** Everything in the Groth16 header before delta, which no contribution may touch. */
const FIXED_HEADER = 4 + 32 + 4 + 32 + 3 * 4 + 2 * G1 + 2 * G2;
const HEADER = FIXED_HEADER + G1 + G2;
const CONTRIBUTIONS_SECTION = 10;

/** Sections of points and coefficients that no contribution may touch: IC, coefficients, A, B1, B2. */
export const FIXED_SECTIONS = [3, 4, 5, 6, 7] as const;
/** Sections that every contribution divides by its secret: L and H. */
export const SCALED_SECTIONS = [8, 9] as const;

/**
 * Takes a Groth16 proving key apart: the format of snarkjs, version 1. Checks the layout down to the last byte, not the points.
 *
 * @returns KEY_FILE with the place when the layout is another
 */
export function parseProvingKey(bytes: Uint8Array): Checked<ProvingKeyFile, 'KEY_FILE'> {
  try {
    return accept(readFile(bytes));
  } catch (error) {
    return refuse('KEY_FILE', error instanceof LayoutError ? error.message : 'the file ends in the middle of something');
  }
}

function readFile(bytes: Uint8Array): ProvingKeyFile {
  const sections = readSections(bytes, { letters: 'zkey', version: 1, most: CONTRIBUTIONS_SECTION });
  const header = sections.get(2) as Uint8Array;
  if (header.length !== HEADER || new ByteReader(sections.get(1) as Uint8Array).u32() !== 1) throw new LayoutError('not a Groth16 header');
  const rest = new ByteReader(sections.get(CONTRIBUTIONS_SECTION) as Uint8Array);
  const circuitHash = rest.take(64);
  const contributions = Array.from({ length: rest.u32() }, () => readContribution(rest));
  if (!rest.atEnd) throw new LayoutError('bytes follow the last contribution');
  return {
    header: header.subarray(0, FIXED_HEADER),
    sections,
    delta1: header.slice(FIXED_HEADER, FIXED_HEADER + G1),
    delta2: header.slice(FIXED_HEADER + G1),
    circuitHash,
    contributions,
  };
}

function readContribution(reader: ByteReader): RecordedContribution {
  const points = {
    deltaAfter: reader.take(G1).slice(),
    s: reader.take(G1).slice(),
    sx: reader.take(G1).slice(),
    spx: reader.take(G2).slice(),
  };
  const transcript = reader.take(64);
  const kind = reader.u32();
  const parameters = new ByteReader(reader.take(reader.u32()));
  let [name, value, iterations, last] = ['', null as Uint8Array | null, 0, 0];
  while (!parameters.atEnd) {
    const type = parameters.u8();
    if (type <= last || type > 3) throw new LayoutError('a contribution has parameters that are unknown or out of order');
    last = type;
    if (type === 1) name = new TextDecoder().decode(parameters.take(parameters.u8()));
    if (type === 2) iterations = parameters.u8();
    if (type === 3) value = parameters.take(parameters.u8());
  }
  if (kind > 1 || (kind === 1) !== (value !== null) || (kind === 1) !== iterations > 0)
    throw new LayoutError('a contribution of unknown kind');
  return { ...points, transcript, name, beacon: value && { value, iterations } };
}
