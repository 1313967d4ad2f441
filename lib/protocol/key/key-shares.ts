// SPEC §7.3, §7.6: the shares of a dealt polynomial, checked against its commitments
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { parseField } from '../numbers/field.ts';
import { BASE, multiplySecret, type Point, parsePoint, SCALAR_ORDER, type Scalar, sumOfProducts, toScalar } from '../numbers/point.ts';
import type { StatementContext } from '../statement/statement.ts';
import { type Deal, shareContext } from './key-messages.ts';
import { openNumber } from './sealing.ts';

/** Opens the share that a judged deal has for a recipient, given the shared point of its seal, and checks it. SPEC §7.3. */
export function openShare(context: StatementContext, deal: Deal, recipient: number, shared: Point): Checked<Scalar, 'BAD_SHARE'> {
  const sealed = deal.shares.find((share) => share.recipient === recipient);
  const ciphertext = sealed && parseField(sealed.ciphertext);
  if (ciphertext === undefined || ciphertext === null) return refuse('BAD_SHARE', `the deal has no share for trustee ${recipient}`);
  const share: bigint = openNumber(ciphertext, shared, shareContext(context.scope, deal.trustee, recipient));
  if (share >= SCALAR_ORDER) return refuse('BAD_SHARE', 'the share is not below the subgroup order');
  const expected = evaluateInExponent(
    deal.polynomial.map((text) => parsePoint(text) as Point),
    recipient,
  );
  return multiplySecret(BASE, share as Scalar).equals(expected)
    ? accept(share as Scalar)
    : refuse('BAD_SHARE', 'the share does not fit the polynomial commitments');
}

/** Σ indexⁱ · pointᵢ: the point behind the share of trustee `index`. SPEC §7.6. */
export function evaluateInExponent(points: readonly Point[], index: number): Point {
  const powers = points.map((_, i) => toScalar(BigInt(index) ** BigInt(i)));
  return sumOfProducts(points, powers);
}
