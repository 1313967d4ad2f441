import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { buildKernel, formatKernelModule, MODULES } from '#kernel/generator/build.ts';
import { isFused } from '#lib/protocol/numbers/fused.ts';

describe('the modules that are committed', () => {
  it.each(MODULES)('$file is what its sources make, byte for byte', async ({ kind, purpose, file }) => {
    const committed = readFileSync(path.resolve(file), 'utf8');
    const made = formatKernelModule(kind, purpose, await buildKernel(kind, purpose));
    expect(made === committed, 'run: node scripts/make-kernel.ts').toBe(true);
  });
});

describe('the engine', () => {
  const run = promisify(execFile);
  const answersOf = (script: string, ...runs: [before: string[], after: string[]][]) =>
    Promise.all(
      runs.map(async ([before, after]) => (await run(process.execPath, [...before, path.resolve('test/kernel', script), ...after])).stdout),
    );
  const LIFTOFF: [string[], string[]] = [['--liftoff-only'], []];
  const TURBOFAN: [string[], string[]] = [['--no-liftoff'], []];

  it('comes to the same proof with each of its compilers and each of the kernels', async () => {
    const answers = await answersOf('known-answer.ts', LIFTOFF, TURBOFAN);
    const proofs = answers.flatMap((answer) => answer.trim().split('\n'));
    expect(proofs).toHaveLength(4);
    expect(new Set(proofs).size).toBe(1);
    expect(JSON.parse(proofs[0] as string)).toHaveProperty('a');
  });

  it('comes to the same points with each of its compilers, and without WebAssembly, where big integers take over', async () => {
    const answers = await answersOf('known-points.ts', LIFTOFF, TURBOFAN, [[], ['--without']]);
    const [kinds, points] = [0, 1].map((line) => answers.map((answer) => answer.split('\n')[line])) as [string[], string[]];
    expect(kinds).toEqual(['fma scalar', 'fma scalar', '']);
    expect(new Set(points).size).toBe(1);
    expect(JSON.parse(points[0] as string)).toHaveLength(19);
  });

  it('says the same of proofs with each of its compilers, and without WebAssembly, where big integers take over', async () => {
    const [liftoff, turbofan, without] = await answersOf('known-pairings.ts', LIFTOFF, TURBOFAN, [[], ['--without']]);
    expect(turbofan).toBe(liftoff);
    const [byFma, byScalar, kinds, bad, ...pairings] = (liftoff as string).trim().split('\n');
    expect([byFma, byScalar, kinds, bad]).toEqual(['4', '4', 'fma scalar', '4']);
    expect(pairings).toHaveLength(4);
    expect(new Set(pairings).size).toBe(1);
    expect(without).toBe('\n4\n');
  });
});

describe('the probe', () => {
  it('tells a fused multiply-add from one that rounds the product first', () => {
    expect(isFused((a, b, c) => a * b + c)).toBe(false);
    expect(isFused((a, b, c) => (a === b && c < 0 ? 2 ** -60 : Number.NaN))).toBe(true);
  });
});
