// What a member's wallet holds, and the file that carries it to another device or to the command line
import { z } from 'zod';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { parseJson } from '../messages/json.ts';
import { checkShape, fieldText } from '../messages/shape.ts';
import { groupShape } from './group.ts';

/** The most memberships in one wallet. */
export const MOST_MEMBERSHIPS = 1_000;

const membershipShape = z.strictObject({
  /** The group with the issuer's key as the invitation gave it: pinned for ever. */
  group: groupShape,
  /** What the invitation said will be attested. */
  name: z.string().min(1),
  /** The site where the membership was taken up. */
  platform: z.string().min(1),
});
export type Membership = z.infer<typeof membershipShape>;

export const walletShape = z.strictObject({
  type: z.literal('round-robin-wallet'),
  version: z.literal(2),
  /** The identity's secret: whoever reads it can sign as the member. */
  secret: fieldText,
  memberships: z.array(membershipShape).max(MOST_MEMBERSHIPS),
});
export type Wallet = z.infer<typeof walletShape>;

/** Reads a wallet file. The detail of a refusal never quotes the file: it may hold the secret. */
export function parseWallet(text: string): Checked<Wallet, 'BAD_WALLET'> {
  const json = parseJson(text);
  const shaped = json.ok ? checkShape(walletShape, json.value) : json;
  return shaped.ok ? accept(shaped.value) : refuse('BAD_WALLET', 'this is not a wallet file, or it was cut off or changed');
}
