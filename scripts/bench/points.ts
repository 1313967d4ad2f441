import { randomBytes } from 'node:crypto';
import { BIG_ARITHMETIC, type BigPoint } from '#lib/protocol/numbers/big-arithmetic.ts';
import { type KernelArithmetic, startKernelArithmetic } from '#lib/protocol/numbers/kernel-arithmetic.ts';
import { BASE, SCALAR_ORDER } from '#lib/protocol/numbers/point.ts';
import { processorTimeOf, type Row, timeInTurn } from './measure.ts';

/** Multiplications that are timed together. */
const TIMES = 200;
const ROUNDS = 7;

/** Multiples and sums of points of Baby Jubjub by the kernel, against the curve library in big integers: processor time. */
export async function benchPoints(quick: boolean): Promise<Row[]> {
  const fma = startKernelArithmetic('fma');
  const scalar = startKernelArithmetic('scalar');
  if (!fma || !scalar) throw new Error('this engine does not run the kernels');
  const point = BIG_ARITHMETIC.multiplyPublic(BASE, 12_345n);
  const count = quick ? 1_000 : 4_000;
  return [
    await multiplicationRow('a secret multiple of any point', 'at most 0.08 of it', 0.08, fma, point, 'multiplySecret'),
    await multiplicationRow('the same where an engine lacks fused arithmetic', '', null, scalar, point, 'multiplySecret'),
    await multiplicationRow('a secret multiple of B, from its table', '', null, fma, BASE, 'multiplySecret'),
    await multiplicationRow('a public multiple of any point', 'at most 0.08 of it', 0.08, fma, point, 'multiplyPublic'),
    await sumRow(fma, count),
  ];
}

async function multiplicationRow(
  name: string,
  goal: string,
  most: number | null,
  kernel: KernelArithmetic,
  point: BigPoint,
  how: 'multiplySecret' | 'multiplyPublic',
): Promise<Row> {
  const scalars = drawScalars(TIMES);
  const each = (by: Pick<KernelArithmetic, typeof how>) => () => scalars.map((factor) => by[how](point, factor));
  const { first, second } = await timeInTurn(ROUNDS, each(kernel), each(BIG_ARITHMETIC), processorTimeOf);
  return rowOf(name, first / TIMES, 'noble-curves', second / TIMES, goal, most);
}

async function sumRow(kernel: KernelArithmetic, count: number): Promise<Row> {
  const points = drawScalars(count).map((factor) => kernel.multiplyPublic(BASE, factor));
  const scalars = drawScalars(count);
  const sum = (by: Pick<KernelArithmetic, 'sumOfProducts'>) => () => by.sumOfProducts(points, scalars);
  const { first, second } = await timeInTurn(ROUNDS, sum(kernel), sum(BIG_ARITHMETIC), processorTimeOf);
  const name = `a sum of ${count.toLocaleString('en')} multiples on Baby Jubjub`;
  return rowOf(name, first, 'the same by buckets of noble-curves’ points', second, 'at most 0.06 of it', 0.06);
}

function rowOf(name: string, value: number, baseline: string, other: number, goal: string, most: number | null): Row {
  const ratio = value / other;
  return { name, unit: 'ms', value, baseline: { name: baseline, value: other }, ratio, goal, holds: most === null ? null : ratio <= most };
}

function drawScalars(count: number): bigint[] {
  return Array.from({ length: count }, () => BigInt(`0x${randomBytes(40).toString('hex')}`) % SCALAR_ORDER);
}
