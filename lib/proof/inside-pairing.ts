import * as exported from 'mcl-wasm/dist/mcl.js';

/**
 * The pairing library's memory and functions, for the few that it does not offer to JavaScript, or only with a copy of every operand
 * in and out. They are set when it is initialised, so nothing here may be taken out earlier.
 */
interface Inside {
  mod: {
    _mclBn_millerLoopVec(result: number, first: number, second: number, count: number): void;
    _mclBnG2_dbl(result: number, point: number): void;
    _mclBnG2_add(result: number, first: number, second: number): void;
  };
  stackSave(): number;
  stackRestore(position: number): void;
  salloc(value: Uint32Array): number;
  sallocCopy(value: Uint32Array): number;
  sallocArray(values: Uint32Array[]): number;
  copyFromHeap32(value: Uint32Array, position: number): void;
}

// Node puts what a CommonJS file exports under `default`, and bundlers beside it.
export const inside = ((exported as { default?: unknown }).default ?? exported) as unknown as Inside;

export function wordsOf(value: unknown): Uint32Array {
  return (value as { a_: Uint32Array }).a_;
}

/** Gives back what `work` took of the library's stack. */
export function onStack<Result>(work: () => Result): Result {
  const stack = inside.stackSave();
  try {
    return work();
  } finally {
    inside.stackRestore(stack);
  }
}
