// SPEC §4.4: the file of a roll's leaves, which every signer downloads whole
import { accept, type Checked, refuse } from '../protocol/checked.ts';
import { type Field, fieldFromBytes, fieldToBytes } from '../protocol/field.ts';
import { MIDDLE_DEPTH, middleLevel, PADDING, type RollHeader } from '../protocol/roll.ts';

const WIDTH = 32;

/** The middle nodes and leaves of a roll, as `findPath` takes them. */
export type RollFile = { middle: Field[]; leaves: Field[] };

/** Lays out a roll: the middle nodes if the depth is above 8, then the leaves up to the last member; 32 bytes each, big-endian. */
export function encodeRollFile(header: Pick<RollHeader, 'depth'>, leaves: readonly Field[]): Uint8Array {
  const numbers = header.depth > MIDDLE_DEPTH ? [...middleLevel(leaves, header.depth), ...leaves] : leaves;
  const bytes = new Uint8Array(numbers.length * WIDTH);
  numbers.forEach((number, i) => {
    bytes.set(fieldToBytes(number), i * WIDTH);
  });
  return bytes;
}

/**
 * Reads a roll file. That middle nodes and leaves belong to the header's root is not checked here: `findPath` does it for
 * one block, `checkRollLeaves` for all of them.
 */
export function decodeRollFile(header: Pick<RollHeader, 'depth'>, bytes: Uint8Array): Checked<RollFile, 'ROLL_FILE'> {
  const above = header.depth > MIDDLE_DEPTH ? 2 ** MIDDLE_DEPTH : 0;
  const count = bytes.length / WIDTH;
  if (!Number.isInteger(count) || count <= above || count > above + 2 ** header.depth)
    return refuse('ROLL_FILE', 'the roll file has another length');
  const numbers: Field[] = [];
  for (let i = 0; i < count; i++) {
    const number = fieldFromBytes(bytes.subarray(i * WIDTH, (i + 1) * WIDTH));
    if (number === null) return refuse('ROLL_FILE', 'the roll file holds something that is not a field element');
    numbers.push(number);
  }
  const leaves = numbers.slice(above);
  const places = 2 ** header.depth;
  const middle = above > 0 ? numbers.slice(0, above) : [...leaves, ...new Array<Field>(places - leaves.length).fill(PADDING)];
  return accept({ middle, leaves });
}
