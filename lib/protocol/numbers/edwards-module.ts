// The module of Baby Jubjub: see kernel/README.md. Pointers are byte offsets in its memory.
import { base64 } from '@scure/base';
import { FMA_EDWARDS } from './edwards-fma.ts';
import { SCALAR_EDWARDS } from './edwards-scalar.ts';
import { isFused } from './fused.ts';

export interface EdwardsExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Of `fma` alone. */
  multiplyAdd?(a: number, b: number, c: number): number;
  allocate(bytes: number): number;
  mark(): number;
  release(to: number): void;
  /** The same, and overwrites what was given out since. */
  erase(to: number): void;
  start(): number;
  tableBytes(): number;
  makeTable(point: number, table: number): void;
  multiply(point: number, scalar: number, isSecret: boolean, into: number): void;
  multiplyByTable(table: number, scalar: number, isSecret: boolean, into: number): void;
  timesEight(point: number, into: number): void;
  /** Points side by side, whose number four divides, take `QUAD` bytes each. */
  enterAll(bytes: number, count: number, into: number): void;
  /** Each with a Z of 1. Nothing of use is left in their place. */
  leaveAll(points: number, count: number, bytes: number): void;
  /** Each becomes scalar · point; the scalar is public. */
  multiplyAll(points: number, count: number, scalar: number): void;
  /** Each grows by its own secret scalar · the point of the table. */
  addAllByTable(points: number, table: number, scalars: number, count: number): void;
  sumOfProducts(points: number, scalars: number, count: number, into: number): void;
  /** Of points whose number four divides. */
  sumOfSecretProducts(points: number, scalars: number, count: number, into: number): void;
  /** Once, before `inverseRoot`. */
  prepareRoots(): void;
  inverseRoot(n: number, into: number): number;
  enterPoint(bytes: number, into: number): void;
  leavePoint(point: number, bytes: number): void;
}

declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => unknown;
  Instance: new (module: unknown, imports: object) => { exports: unknown };
};

const MODULES = { fma: FMA_EDWARDS, scalar: SCALAR_EDWARDS };
/** The functions of a module over a new memory, for whoever tests them one by one. Null as above. */
export function loadEdwardsExports(kind: 'fma' | 'scalar'): EdwardsExports | null {
  try {
    const module = new WebAssembly.Module(base64.decode(MODULES[kind]));
    const exports = new WebAssembly.Instance(module, {}).exports as EdwardsExports;
    return !exports.multiplyAdd || isFused(exports.multiplyAdd) ? exports : null;
  } catch {
    return null;
  }
}
