import { base64 } from '@scure/base';
import { ModuleBuilder } from 'wasmbuilder';
import { buildF1m } from 'wasmcurves';

/** The optimised constants of circomlibjs: C and S added and multiplied in each round, M and P the full matrices; one list a width. */
type Constants = Record<'C' | 'S' | 'M' | 'P', string[][] | string[][][]>;

const FIELD = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n;
/** What the protocol uses: t = 3, 4 and 5. The lists begin with t = 2. */
const WIDTHS = [3, 4, 5].map((t) => t - 2);
const PAGES = 4;

/**
 * Poseidon as a WebAssembly module: circomlibjs’s own generator over the field arithmetic of wasmcurves, without the curve
 * that it is usually shipped with and without the constants of widths that nobody needs here. Always the same bytes.
 */
export async function buildPoseidonModule(): Promise<Uint8Array> {
  // By its place, because the package does not export it: the generator reads this very object.
  const place = new URL('../../node_modules/circomlibjs/src/poseidon_constants_opt.js', import.meta.url);
  const { default: constants } = (await import(place.href)) as { default: Constants };
  for (const lists of Object.values(constants)) for (const i of lists.keys()) if (!WIDTHS.includes(i)) lists[i] = [];
  const { buildPoseidonWasm } = await import('circomlibjs');
  const module = new ModuleBuilder();
  module.setMemory(PAGES);
  buildF1m(module, FIELD, 'frm');
  buildPoseidonWasm(module);
  return Uint8Array.from(module.build());
}

/** The name by which the program imports the module. Its home is the file that is written, not this one. */
const MODULE_NAME = 'POSEIDON_MODULE';

/** The source file that carries the module. */
export function formatPoseidonModule(module: Uint8Array): string {
  return `// Made by scripts/make-poseidon.ts; a test makes it again and compares.
/** A WebAssembly module with Poseidon over the field of BN254, t = 3, 4 and 5; base64. Its generator is circomlibjs (GPL-3.0). */
export const ${MODULE_NAME} =
  '${base64.encode(module)}';
`;
}
