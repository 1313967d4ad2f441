import { readFileSync } from 'node:fs';
import path from 'node:path';
import { base64 } from '@scure/base';
import asc from 'assemblyscript/asc';
import type { Shape } from './field.ts';
import { writeArithmetic } from './source.ts';

const ASSEMBLY = path.resolve(import.meta.dirname, '../assembly');
/** -O3 would order additions by column, and engines then run out of registers. */
const OPTIONS = ['-O2', '--noAssert', '--runtime', 'stub'];
/** Where the program that is compiled begins, and what engines must know to run it. */
const KINDS = {
  fma: { entry: 'kernel-fma.ts', features: ['--enable', 'simd,relaxed-simd'] },
  scalar: { entry: 'kernel.ts', features: [] },
};

/** A kernel as a WebAssembly module. Always the same bytes; takes some seconds. @throws Error with what the compiler says */
export async function buildKernel(kind: Shape['name']): Promise<Uint8Array> {
  const arithmetic = writeArithmetic(kind);
  const { entry, features } = KINDS[kind];
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
export function formatKernelModule(kind: Shape['name'], module: Uint8Array): string {
  return `// Made by scripts/make-kernel.ts; a test makes it again and compares.
/** Arithmetic of BN254 in WebAssembly: see kernel/README.md. Base64. */
export const ${kind.toUpperCase()}_KERNEL =
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
