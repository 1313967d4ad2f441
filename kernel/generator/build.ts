import { readFileSync } from 'node:fs';
import path from 'node:path';
import { base64 } from '@scure/base';
import asc from 'assemblyscript/asc';
import type { Shape } from './field.ts';
import { type Purpose, writeArithmetic } from './source.ts';

const ASSEMBLY = path.resolve(import.meta.dirname, '../assembly');
/** -O3 would order additions by column, and engines then run out of registers. */
const OPTIONS = ['-O2', '--noAssert', '--runtime', 'stub'];
/** Where the program that is compiled begins, and what engines must know to run it. */
const FEATURES = { fma: ['--enable', 'simd,relaxed-simd'], scalar: [] };
const ENTRIES = {
  proving: { fma: 'kernel-fma.ts', scalar: 'kernel.ts', what: 'Arithmetic of BN254', name: 'KERNEL' },
  pairing: { fma: 'pairing-fma.ts', scalar: 'pairing.ts', what: 'Pairings of BN254', name: 'PAIRING' },
  edwards: { fma: 'edwards-fma.ts', scalar: 'edwards.ts', what: 'Arithmetic of Baby Jubjub', name: 'EDWARDS' },
};
/** Where the source files that carry the modules lie. */
export const MODULES = [
  ...(['fma', 'scalar'] as const).map((kind) => ({ kind, purpose: 'proving' as const, file: `lib/proof/kernel-${kind}.ts` })),
  ...(['fma', 'scalar'] as const).map((kind) => ({ kind, purpose: 'pairing' as const, file: `lib/proof/pairing-${kind}.ts` })),
  ...(['fma', 'scalar'] as const).map((kind) => ({ kind, purpose: 'edwards' as const, file: `lib/protocol/numbers/edwards-${kind}.ts` })),
];

/** A kernel as a WebAssembly module. Always the same bytes; takes some seconds. @throws Error with what the compiler says */
export async function buildKernel(kind: Shape['name'], purpose: Purpose): Promise<Uint8Array> {
  const arithmetic = writeArithmetic(kind, purpose);
  const [entry, features] = [ENTRIES[purpose][kind], FEATURES[kind]];
  let module: Uint8Array | null = null;
  const { error, stderr } = await asc.main([entry, '-o', 'kernel.wasm', ...OPTIONS, ...features], {
    readFile: (name) => (name === 'arithmetic.ts' ? arithmetic : readSource(name === 'digits.ts' ? `digits-${kind}.ts` : name)),
    writeFile: (_, contents) => {
      if (typeof contents !== 'string') module = contents;
    },
    listFiles: () => [],
  });
  if (error || !module) throw new Error(`${error?.message}\n${stderr.toString()}`);
  return module;
}

/** The source file that carries a module. */
export function formatKernelModule(kind: Shape['name'], purpose: Purpose, module: Uint8Array): string {
  const { what, name } = ENTRIES[purpose];
  return `// Made by scripts/make-kernel.ts; a test makes it again and compares.
/** ${what} in WebAssembly: see kernel/README.md. Base64. */
export const ${kind.toUpperCase()}_${name} =
  '${base64.encode(module)}';
`;
}

function readSource(name: string): string | null {
  try {
    return readFileSync(path.join(ASSEMBLY, name), 'utf8');
  } catch {
    return null; // the compiler looks in several places
  }
}
