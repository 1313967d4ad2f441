import { MAX_DEPTH } from '#lib/protocol/member/roll.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { type Field, formatField, parseField } from '#lib/protocol/numbers/field.ts';

/** The public signals of a signature's proof by name. Points are [x, y] on Baby Jubjub. SPEC §8.2. */
export interface SignSignals {
  readonly root: Field;
  readonly nullifier: Field;
  readonly ephemeral: readonly [Field, Field];
  readonly sealed: readonly [Field, Field];
  readonly scope: Field;
  readonly message: Field;
  readonly key: readonly [Field, Field];
  readonly depth: number;
}

/** The order of the public signals in proof and verification key: outputs first, as the compiler numbers them. */
export const SIGNAL_NAMES = [
  'root',
  'nullifier',
  'ephemeral[0]',
  'ephemeral[1]',
  'sealed[0]',
  'sealed[1]',
  'scope',
  'message',
  'key[0]',
  'key[1]',
  'depth',
] as const;

export const SIGNAL_COUNT = SIGNAL_NAMES.length;

/**
 * The signals in the order of the proof. The caller supplies scope, message, key and depth, and compares the root with the
 * roll's, from its own knowledge and never from what came with the proof.
 *
 * @throws RangeError when depth is not an integer from 0 to MAX_DEPTH
 */
export function signalsToArray(signals: SignSignals): Field[] {
  if (!Number.isInteger(signals.depth) || signals.depth < 0 || signals.depth > MAX_DEPTH) throw new RangeError('depth');
  const { root, nullifier, ephemeral, sealed, scope, message, key, depth } = signals;
  return [root, nullifier, ...ephemeral, ...sealed, scope, message, ...key, BigInt(depth) as Field];
}

/**
 * Names the signals of a proof.
 *
 * @returns SIGNALS_COUNT for another number of them, SIGNALS_DEPTH when the last is above MAX_DEPTH
 */
export function signalsFromArray(signals: readonly Field[]): Checked<SignSignals, 'SIGNALS_COUNT' | 'SIGNALS_DEPTH'> {
  if (signals.length !== SIGNAL_COUNT) return refuse('SIGNALS_COUNT');
  const at = (position: number) => signals[position] as Field;
  if (at(10) > BigInt(MAX_DEPTH)) return refuse('SIGNALS_DEPTH');
  return accept({
    root: at(0),
    nullifier: at(1),
    ephemeral: [at(2), at(3)],
    sealed: [at(4), at(5)],
    scope: at(6),
    message: at(7),
    key: [at(8), at(9)],
    depth: Number(at(10)),
  });
}

/**
 * Reads public signals from text. Only the canonical spelling passes: the prover library takes `007`, `0x7` and `7 + r` for
 * `7`, and a nullifier with several spellings would count several times.
 *
 * @returns SIGNALS_COUNT for anything but a list of SIGNAL_COUNT, SIGNALS_NUMBER when one is not canonical
 */
export function parseSignals(input: unknown): Checked<Field[], 'SIGNALS_COUNT' | 'SIGNALS_NUMBER'> {
  if (!Array.isArray(input) || input.length !== SIGNAL_COUNT) return refuse('SIGNALS_COUNT');
  const signals = input.map((text: unknown) => (typeof text === 'string' ? parseField(text) : null));
  if (!signals.every((signal) => signal !== null)) return refuse('SIGNALS_NUMBER');
  return accept(signals);
}

/** The canonical spelling of each signal, in order. */
export function formatSignals(signals: readonly Field[]): string[] {
  return signals.map(formatField);
}
