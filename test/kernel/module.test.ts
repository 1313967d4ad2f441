import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { buildKernel, formatKernelModule } from '#kernel/generator/build.ts';
import { isFused } from '#lib/proof/kernel.ts';

describe('the modules that are committed', () => {
  it.each(['fma', 'scalar'] as const)('%s is what its sources make, byte for byte', async (kind) => {
    const committed = readFileSync(path.resolve(`lib/proof/kernel-${kind}.ts`), 'utf8');
    expect(formatKernelModule(kind, await buildKernel(kind)) === committed, 'run: node scripts/make-kernel.ts').toBe(true);
  });
});

describe('the engine', () => {
  it('comes to the same proof with each of its compilers and each of the kernels', async () => {
    const run = promisify(execFile);
    const script = path.resolve('test/kernel/known-answer.ts');
    const answers = await Promise.all(['--liftoff-only', '--no-liftoff'].map((tier) => run(process.execPath, [tier, script])));
    const proofs = answers.flatMap(({ stdout }) => stdout.trim().split('\n'));
    expect(proofs).toHaveLength(4);
    expect(new Set(proofs).size).toBe(1);
    expect(JSON.parse(proofs[0] as string)).toHaveProperty('a');
  });
});

describe('the probe', () => {
  it('tells a fused multiply-add from one that rounds the product first', () => {
    expect(isFused((a, b, c) => a * b + c)).toBe(false);
    expect(isFused((a, b, c) => (a === b && c < 0 ? 2 ** -60 : Number.NaN))).toBe(true);
  });
});
