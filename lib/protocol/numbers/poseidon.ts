// SPEC §1.6: Poseidon. No other file computes it.
import { base64 } from '@scure/base';
import type { Field } from './field.ts';
import { POSEIDON_MODULE } from './poseidon-module.ts';

// A roll takes 131,000 hashes, so they are computed in WebAssembly: a third of what big integers take (`npm run bench`).
// The circuit computes the same functions, so domains are told apart by arity and by what stands in them, not by a tag:
// commitments, nullifiers and the y of a token have two inputs of which one is secret, leaves have three, masks of shares four
// that start with a secret point.

/** Poseidon over two inputs (t = 3), first output. */
export function hash2(a: Field, b: Field): Field {
  return permute([a, b]);
}

/** Poseidon over three inputs (t = 4), first output. */
export function hash3(inputs: readonly [Field, Field, Field]): Field {
  return permute(inputs);
}

/** Poseidon over four inputs (t = 5), first output. */
export function hash4(inputs: readonly [Field, Field, Field, Field]): Field {
  return permute(inputs);
}

/** What the module exports. Pointers are byte offsets in its memory; `frm_` numbers are in Montgomery form. */
type Exports = {
  frm_toMontgomery(from: number, to: number): void;
  frm_fromMontgomery(from: number, to: number): void;
  poseidon(state: number, inputs: number, count: number, outputs: number, outputCount: number): void;
};
type Machine = Exports & { memory: DataView; state: number; lanes: number };

declare const WebAssembly: {
  Memory: new (size: { initial: number }) => { buffer: ArrayBuffer };
  Module: new (bytes: Uint8Array) => unknown;
  Instance: new (module: unknown, imports: object) => { exports: unknown };
};

const WIDTH = 32;
const MEMORY_PAGES = 4;
let machine: Machine | null = null;

/** The first lane of the final state. */
function permute(inputs: readonly Field[]): Field {
  machine ??= startMachine();
  const { lanes } = machine;
  for (let i = 0; i < inputs.length; i++) {
    writeNumber(machine.memory, lanes + i * WIDTH, inputs[i] as Field);
    machine.frm_toMontgomery(lanes + i * WIDTH, lanes + i * WIDTH);
  }
  machine.poseidon(machine.state, lanes, inputs.length, lanes, 1);
  machine.frm_fromMontgomery(lanes, lanes);
  return readNumber(machine.memory, lanes) as Field;
}

/** The module keeps at address 0 where its own data ends; the initial state and the lanes lie behind it. */
function startMachine(): Machine {
  const memory = new WebAssembly.Memory({ initial: MEMORY_PAGES });
  const module = new WebAssembly.Module(base64.decode(POSEIDON_MODULE));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const view = new DataView(memory.buffer);
  const state = view.getUint32(0, true);
  return { ...(exports as Exports), memory: view, state, lanes: state + WIDTH };
}

/** 32 bytes, little-endian. */
function writeNumber(view: DataView, at: number, value: bigint): void {
  for (let i = 0; i < 4; i++) view.setBigUint64(at + 8 * i, BigInt.asUintN(64, value >> BigInt(64 * i)), true);
}

function readNumber(view: DataView, at: number): bigint {
  let value = 0n;
  for (let i = 3; i >= 0; i--) value = (value << 64n) | view.getBigUint64(at + 8 * i, true);
  return value;
}
