/** (1 + 2^-30)² less its own rounding is 2^-60 when the product is not rounded before the addition, and 0 when it is. */
export function isFused(multiplyAdd: (a: number, b: number, c: number) => number): boolean {
  const x = 1 + 2 ** -30;
  return multiplyAdd(x, x, -(x * x)) === 2 ** -60;
}
