import * as mcl from 'mcl-wasm';
import { inside, onStack, wordsOf } from './inside-pairing.ts';
import type { PointG1, PointG2, TargetElement } from './pairing.ts';

/** Pairs that lie on the library's stack at once, 288 bytes each. */
const AT_ONCE = 32;

/**
 * The product of the Miller loops of pairs, before the final exponentiation. All loops share their squarings, which makes it a
 * third cheaper than one by one. The library has this function and does not offer it to JavaScript, hence the way round.
 */
export function multiplyMillerLoops(pairs: readonly { a: PointG1; b: PointG2 }[]): TargetElement {
  const product = new mcl.GT();
  product.setInt(1);
  let result = product;
  for (let start = 0; start < pairs.length; start += AT_ONCE) result = mcl.mul(result, multiplyFew(pairs.slice(start, start + AT_ONCE)));
  return result;
}

function multiplyFew(pairs: readonly { a: PointG1; b: PointG2 }[]): TargetElement {
  const result = new mcl.GT();
  return onStack(() => {
    const at = inside.salloc(wordsOf(result));
    const first = inside.sallocArray(pairs.map(({ a }) => wordsOf(a)));
    const second = inside.sallocArray(pairs.map(({ b }) => wordsOf(b)));
    inside.mod._mclBn_millerLoopVec(at, first, second, pairs.length);
    inside.copyFromHeap32(wordsOf(result), at);
    return result;
  });
}
