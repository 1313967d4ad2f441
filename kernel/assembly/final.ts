// Whether f^((p^12 - 1) / r) is 1, in each of four lanes. Scott, Benger, Charlemagne, Dominguez Perez and Kachisa, "On the Final
// Exponentiation for Calculating Pairings on Ordinary Elliptic Curves", 2009, section 5.
import {
  PARAMETER,
  PARAMETER_LENGTH,
  second_norm,
  second_unnorm,
  twelve_cofactor,
  twelve_conjugate,
  twelve_frobenius,
  twelve_inverse,
  twelve_minus_one,
  twelve_mul,
  twelve_norm,
  twelve_sqr,
} from './arithmetic';
import { invertQuad } from './field';
import { allocate, mark, release, scratch } from './memory';
import { isZeroAt, PAIR, TWELVE } from './miller';

/** f = f^((p^12 - 1) / r). */
export function exponentiate(f: usize): void {
  const start = mark();
  toCyclotomic(f);
  const fx = raised(f);
  const fxx = raised(fx);
  const fxxx = raised(fxx);
  const first = power(f, 1);
  // y₀ = f^(p + p² + p³), y₁ = f^-1, y₂ = f^(x² p²), y₃ = f^(-x p), y₄ = f^(-x - x² p), y₅ = f^(-x²), y₆ = f^(-x³ - x³ p)
  const y0 = times(first, times(power(f, 2), power(f, 3)));
  const y1 = conjugate(f);
  const y2 = power(fxx, 2);
  const y3 = conjugate(power(fx, 1));
  const y4 = conjugate(times(fx, power(fxx, 1)));
  const y5 = conjugate(fxx);
  const y6 = conjugate(times(fxxx, power(fxxx, 1)));
  // y₀ y₁² y₂⁶ y₃¹² y₄¹⁸ y₅³⁰ y₆³⁶
  const a = times(times(squared(y6), y4), y5);
  const b = times(times(y3, y5), a);
  const c = times(a, y2);
  const d = squared(times(squared(b), c));
  const result = times(squared(times(d, y1)), times(d, y0));
  memory.copy(f, result, TWELVE);
  release(start);
}

/** Whether an element is 1 in a lane. */
export function isOneAt(f: usize, lane: usize): bool {
  const start = mark();
  const difference = allocate(TWELVE);
  twelve_minus_one(f, difference);
  let isOne = true;
  for (let i: usize = 0; i < TWELVE; i += PAIR) isOne = isOne && isZeroAt(difference + i, lane);
  release(start);
  return isOne;
}

/** f = f^((p^6 - 1) (p² + 1)): from here on a conjugate is an inverse. */
function toCyclotomic(f: usize): void {
  const start = mark();
  const easy = times(conjugate(f), inverse(f));
  twelve_mul(power(easy, 2), easy, f, scratch());
  release(start);
}

/** 1 / f. f is never 0 where points are in their groups; if a lane were, it and the one two further would become 0, which is not 1. */
export function inverse(f: usize): usize {
  const into = allocate(TWELVE);
  const start = mark();
  const norm = allocate(3 * PAIR);
  const cofactor = allocate(4 * PAIR);
  const product = cofactor + 3 * PAIR;
  const scalar = allocate(PAIR);
  twelve_norm(f, norm, scratch());
  twelve_cofactor(norm, cofactor, scratch());
  second_norm(product, scalar, scratch());
  invertQuad(scalar, scalar);
  second_unnorm(product, scalar, product, scratch());
  twelve_inverse(f, cofactor, product, into, scratch());
  release(start);
  return into;
}

/** f^x, for f whose conjugate is its inverse. */
function raised(f: usize): usize {
  const into = allocate(TWELVE);
  const start = mark();
  const opposite = conjugate(f);
  memory.copy(into, f, TWELVE);
  for (let i: usize = 0; i < PARAMETER_LENGTH; i++) {
    const digit = load<i8>(PARAMETER + i);
    twelve_sqr(into, into, scratch());
    if (digit !== 0) twelve_mul(into, digit > 0 ? f : opposite, into, scratch());
  }
  release(start);
  return into;
}

/** f^(p^times). */
function power(f: usize, count: i32): usize {
  const into = allocate(TWELVE);
  twelve_frobenius(f, into, scratch());
  for (let i = 1; i < count; i++) twelve_frobenius(into, into, scratch());
  return into;
}

function conjugate(f: usize): usize {
  const into = allocate(TWELVE);
  twelve_conjugate(f, into);
  return into;
}

function times(a: usize, b: usize): usize {
  const into = allocate(TWELVE);
  twelve_mul(a, b, into, scratch());
  return into;
}

function squared(a: usize): usize {
  const into = allocate(TWELVE);
  twelve_sqr(a, into, scratch());
  return into;
}
