import { describe, expect, it } from 'vitest';
import { ContractError, normal, productBound, reductionBound, squareBound, sumBound } from '#kernel/generator/bounds.ts';
import { FMA, type PrimeField, primeField, SCALAR } from '#kernel/generator/field.ts';
import { FMA_ARITHMETIC } from '#kernel/generator/fma.ts';
import { elementAt, Formula } from '#kernel/generator/formula.ts';
import { Unit } from '#kernel/generator/unit.ts';

const fma = primeField('fq', FMA);
const element = (field: PrimeField) => normal(field, 1000n);
const sumOf = (field: PrimeField, count: number) => sumBound(field, [[count, element(field)]]);

describe('the contract of digits, which the generator proves for every step that it writes', () => {
  it.each([FMA, SCALAR])('of $name allows the product of two sums of two, not of a sum of two and one of three', (shape) => {
    const field = primeField('fq', shape);
    expect(productBound(field, sumOf(field, 2), sumOf(field, 2)).digit).toBeLessThan(shape.base);
    expect(productBound(field, sumOf(field, 3), element(field)).digit).toBeLessThan(shape.base);
    expect(() => productBound(field, sumOf(field, 3), sumOf(field, 2))).toThrow(ContractError);
  });

  it('of doubles allows the square of an element, not of a sum, which it would have to double', () => {
    expect(squareBound(fma, element(fma)).digit).toBe(FMA.half);
    expect(() => squareBound(fma, sumOf(fma, 2))).toThrow(ContractError);
    const scalar = primeField('fq', SCALAR);
    expect(() => squareBound(scalar, sumOf(scalar, 2))).not.toThrow();
    expect(() => squareBound(scalar, sumOf(scalar, 3))).toThrow(ContractError);
  });

  it('of doubles allows eight times a digit, not nine times, which doubles cannot hold', () => {
    expect(sumOf(fma, 8).digit).toBe(8n * FMA.half);
    expect(() => sumOf(fma, 9)).toThrow(ContractError);
  });

  it.each([FMA, SCALAR])('of $name knows that a reduction leaves half of p, and that a chain of products closes', (shape) => {
    for (const name of ['fq', 'fr'] as const) {
      const field = primeField(name, shape);
      expect(reductionBound(field, sumOf(field, 3)).value).toBeLessThanOrEqual(normal(field, 501n).value);
      const chain = normal(field, 1050n);
      expect(productBound(field, chain, chain).value).toBeLessThanOrEqual(chain.value);
    }
  });

  it('stops a formula at the step that breaks it, and at a result that its place does not promise', () => {
    const formula = new Formula(fma, new Unit(), FMA_ARITHMETIC, 1);
    const [a, b] = [elementAt('a', 1, element(fma)), elementAt('b', 1, sumOf(fma, 2))];
    expect(() => formula.square('into', b)).toThrow(ContractError);
    expect(() => formula.stored(formula.product('into', a, b), normal(fma, 900n), 'a product')).toThrow(/a product: .* is not within/);
    expect(() => formula.stored(formula.product('into', a, b), normal(fma, 1500n), 'a product')).not.toThrow();
  });
});
