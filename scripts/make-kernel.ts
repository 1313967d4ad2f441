// node scripts/make-kernel.ts
// Writes the modules of lib anew from kernel/. The result depends on nothing but the version of the compiler.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildKernel, formatKernelModule, MODULES } from '#kernel/generator/build.ts';

for (const { kind, purpose, file } of MODULES) {
  const module = await buildKernel(kind, purpose);
  writeFileSync(path.resolve(import.meta.dirname, '..', file), formatKernelModule(kind, purpose, module));
  console.log(`${file}: ${module.length} bytes`);
}
