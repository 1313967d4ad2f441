// node [--liftoff-only | --no-liftoff] test/kernel/known-points.ts [--without]: which kernels the engine runs, and what the protocol
// computes with them, or without WebAssembly.
import { startKernelArithmetic } from '#lib/protocol/numbers/kernel-arithmetic.ts';
import {
  addSecretMultiples,
  BASE,
  formatPoints,
  multiplyAllPublic,
  multiplyPublic,
  multiplySecret,
  parsePoint,
  sumOfProducts,
  sumOfSecretProducts,
  toScalar,
} from '#lib/protocol/numbers/point.ts';

if (process.argv.includes('--without')) Reflect.deleteProperty(globalThis, 'WebAssembly'); // kernels start at their first use

const scalars = [1n, -1n, 3n ** 157n].map(toScalar);
const points = scalars.map((scalar) => multiplySecret(BASE, scalar));
const others = scalars.map((scalar, i) => multiplyPublic(points[2 - i] ?? BASE, scalar));
const sums = [0, 2, 3].map((count) => sumOfProducts(others.slice(0, count), scalars.slice(0, count)));
const many = multiplyAllPublic([...points, ...others], scalars[2] as (typeof scalars)[number]);
const grown = addSecretMultiples(others, { point: BASE, scalars }, { point: points[2] ?? BASE, scalars: scalars.toReversed() });
const texts = formatPoints([...points, ...others, ...sums, ...many, ...grown, sumOfSecretProducts(others, scalars)]);
if (texts.slice(0, 3).some((text) => parsePoint(text) === null)) throw new Error('a multiple of B is not in its subgroup');

console.log((['fma', 'scalar'] as const).filter((kind) => startKernelArithmetic(kind) !== null).join(' '));
console.log(JSON.stringify(texts));
