// node scripts/make-kernel.ts
// Writes the modules of lib/proof anew from kernel/. The result depends on nothing but the version of the compiler.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildKernel, formatKernelModule } from '#kernel/generator/build.ts';

for (const kind of ['fma', 'scalar'] as const) {
  const module = await buildKernel(kind);
  writeFileSync(path.resolve(import.meta.dirname, `../lib/proof/kernel-${kind}.ts`), formatKernelModule(kind, module));
  console.log(`${kind}: ${module.length} bytes`);
}
