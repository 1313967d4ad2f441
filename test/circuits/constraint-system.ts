import { loadSnarkjs, type MemoryFile } from '#lib/proof/snarkjs.ts';
import { FIELD_ORDER } from '#lib/protocol/numbers/field.ts';
import type { CompiledCircuit } from '#scripts/setup-ceremony/compile-circuit.ts';

/** Wire and coefficient, flat: [wire, coefficient, wire, coefficient, …]. */
type Combination = readonly [wire: number, coefficient: bigint][];
/** a · b = c over a witness. */
type Constraint = readonly [Combination, Combination, Combination];

export interface ConstraintSystem {
  readonly wires: number;
  readonly publicOutputs: number;
  readonly publicInputs: number;
  readonly constraints: readonly Constraint[];
}

/** Reads a compiled constraint system without the prover's library, so that a dishonest witness meets an independent judge. */
export function readConstraintSystem(bytes: Uint8Array): ConstraintSystem {
  const sections = readSections(bytes, 'r1cs');
  const header = sections.get(1) as DataView;
  const size = header.getUint32(0, true);
  const at = (position: number) => header.getUint32(4 + size + 4 * position, true);
  const count = header.getUint32(4 + size + 16 + 8, true);

  const view = sections.get(2) as DataView;
  let position = 0;
  const readCombination = (): Combination =>
    Array.from({ length: readNumber() }, () => {
      const wire = readNumber();
      const coefficient = readBigInt(view, position, size);
      position += size;
      return [wire, coefficient] as [number, bigint];
    });
  const readNumber = () => {
    position += 4;
    return view.getUint32(position - 4, true);
  };
  const constraints = Array.from({ length: count }, (): Constraint => [readCombination(), readCombination(), readCombination()]);
  return { wires: at(0), publicOutputs: at(1), publicInputs: at(2), constraints };
}

/** Positions of the constraints that a witness breaks. */
export function findBroken(system: ConstraintSystem, witness: readonly bigint[]): number[] {
  const value = (combination: Combination) =>
    combination.reduce((sum, [wire, coefficient]) => sum + coefficient * (witness[wire] as bigint), 0n) % FIELD_ORDER;
  return system.constraints.flatMap(([a, b, c], position) => ((value(a) * value(b) - value(c)) % FIELD_ORDER === 0n ? [] : [position]));
}

/** Runs a compiled circuit's own calculator. */
export async function calculateWitness(circuit: CompiledCircuit, input: Record<string, unknown>): Promise<bigint[]> {
  const { wtns } = await loadSnarkjs();
  const file: MemoryFile = { type: 'mem' };
  await wtns.calculate(input as never, circuit.wasm, file);
  const sections = readSections(file.data as Uint8Array, 'wtns');
  const size = (sections.get(1) as DataView).getUint32(0, true);
  const view = sections.get(2) as DataView;
  return Array.from({ length: view.byteLength / size }, (_, wire) => readBigInt(view, wire * size, size));
}

/**
 * Wires by signal name, without those that the compiler removed. The compiler names a component without a name after its
 * place in the file; here it is `Template#rank`, so that two versions of one file give the same names.
 */
export function readWires(symbols: string): Map<string, number> {
  const lines = symbols
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const ranks = rankComponents(lines.map((line) => line[3] as string));
  const kept = lines.filter((line) => line[1] !== '-1');
  return new Map(kept.map((line) => [renameComponents(line[3] as string, ranks), Number(line[1])]));
}

const ANONYMOUS = /^([A-Za-z0-9]+?)_(\d+)_\d+/;

function rankComponents(names: readonly string[]): Map<string, string> {
  const places = new Map<string, Set<string>>();
  for (const name of names) {
    const parts = name.split('.');
    parts.forEach((part, depth) => {
      const found = ANONYMOUS.exec(part);
      if (!found) return;
      const key = `${parts.slice(0, depth).join('.')}/${found[1]}`;
      places.set(key, (places.get(key) ?? new Set()).add(found[0]));
    });
  }
  const ranks = new Map<string, string>();
  for (const [key, found] of places) {
    const [parent, template] = key.split('/') as [string, string];
    const offset = (part: string) => Number(part.split('_').at(-1));
    for (const [rank, part] of [...found].sort((a, b) => offset(a) - offset(b)).entries())
      ranks.set(`${parent}/${part}`, `${template}#${rank}`);
  }
  return ranks;
}

function renameComponents(name: string, ranks: Map<string, string>): string {
  const parts = name.split('.');
  return parts
    .map((part, depth) => part.replace(ANONYMOUS, (found) => ranks.get(`${parts.slice(0, depth).join('.')}/${found}`) as string))
    .join('.');
}

function readSections(bytes: Uint8Array, magic: string): Map<number, DataView> {
  if (new TextDecoder().decode(bytes.subarray(0, 4)) !== magic) throw new TypeError(`bytes: not a ${magic} file`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sections = new Map<number, DataView>();
  for (let position = 12; position < bytes.length; ) {
    const length = Number(view.getBigUint64(position + 4, true));
    sections.set(view.getUint32(position, true), new DataView(bytes.buffer, bytes.byteOffset + position + 12, length));
    position += 12 + length;
  }
  return sections;
}

function readBigInt(view: DataView, position: number, size: number): bigint {
  let value = 0n;
  for (let offset = size - 8; offset >= 0; offset -= 8) value = (value << 64n) | view.getBigUint64(position + offset, true);
  return value;
}
