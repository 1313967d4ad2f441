import { base64 } from '@scure/base';
import { isFused } from '#lib/protocol/numbers/fused.ts';

/** What every module of the kernels exports. */
export interface ModuleExports {
  readonly memory: WebAssembly.Memory;
  /** Of those that count on a fused multiply-add. */
  multiplyAdd?(a: number, b: number, c: number): number;
  allocate(bytes: number): number;
  mark(): number;
  release(to: number): void;
}

const compiled = new Map<string, Promise<WebAssembly.Module | null>>();

/**
 * The functions of a module over a new memory. It is compiled once a thread.
 *
 * @param text the module in base64
 * @returns null where the engine knows no WebAssembly, not the instructions, or does not fuse: then the arithmetic would be wrong
 */
export async function loadModule<Exports extends ModuleExports>(text: string): Promise<Exports | null> {
  const module = await compileOnce(text);
  if (!module) return null;
  const exports = (await WebAssembly.instantiate(module)).exports as unknown as Exports;
  return !exports.multiplyAdd || isFused(exports.multiplyAdd) ? exports : null;
}

function compileOnce(text: string): Promise<WebAssembly.Module | null> {
  const known = compiled.get(text);
  if (known) return known;
  const module = compile(text);
  compiled.set(text, module);
  return module;
}

async function compile(text: string): Promise<WebAssembly.Module | null> {
  if (typeof WebAssembly === 'undefined') return null;
  const bytes = new Uint8Array(base64.decode(text));
  return WebAssembly.validate(bytes) ? WebAssembly.compile(bytes) : null;
}
