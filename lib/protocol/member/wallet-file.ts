// SPEC §3.6: what a member's wallet holds
import { z } from 'zod';
import { bodyShape } from '../board/listed.ts';
import { receiptShape } from '../board/receipt.ts';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { parseJson } from '../messages/json.ts';
import { checkShape, hex32, positive, unixTime } from '../messages/shape.ts';
import { MOST_QUOTA } from '../permit/group-policy.ts';
import { groupShape } from './group.ts';

/** The most memberships in one wallet. */
export const MOST_MEMBERSHIPS = 1_000;
/** The most receipts in one wallet, of some 2 KB each. */
const MOST_RECEIPTS = 1_000;

const membershipShape = z.strictObject({
  /** The group with the issuer's key as the invitation gave it: pinned for ever. */
  group: groupShape,
  /** What the invitation said will be attested. */
  name: z.string().min(1),
  /** The site where the membership was taken up. */
  platform: z.string().min(1),
});
export type Membership = z.infer<typeof membershipShape>;

const seenRollShape = z.strictObject({ group: hex32, number: positive, hash: hex32, time: unixTime });
/** The newest roll of a group that this wallet has seen, by its hash; `group` is the group's id. */
export type SeenRoll = z.infer<typeof seenRollShape>;

const keptReceiptShape = z.strictObject({ platform: z.string().min(1), ...bodyShape.shape, receipt: receiptShape });
/** A receipt that its owner has asked to keep: it shows that they have signed. `platform` is the site that gave it. */
export type KeptReceipt = z.infer<typeof keptReceiptShape>;

/** How many statements the wallet has opened as a member of a group in a week, SPEC §5.10; not which. */
const usedSlotsShape = z.strictObject({ group: hex32, week: z.int().min(0), used: positive.max(MOST_QUOTA) });

const contentMembers = {
  memberships: z.array(membershipShape).max(MOST_MEMBERSHIPS),
  /** One for a group at most. */
  rolls: z.array(seenRollShape).max(MOST_MEMBERSHIPS),
  receipts: z.array(keptReceiptShape).max(MOST_RECEIPTS),
};
/** What the words of a wallet do not bring back, and a backup does. */
export const walletContentShape = z.strictObject(contentMembers);
export type WalletContent = z.infer<typeof walletContentShape>;

const walletShape = z.strictObject({
  type: z.literal('round-robin-wallet'),
  version: z.literal(3),
  /** Whoever reads it can sign as the member: the secret follows from it. */
  root: hex32,
  /** Its owner has shown, by giving some of them back, that the words are written down. */
  rehearsed: z.boolean(),
  /** Of this week and the one before. They are in no backup. */
  slots: z
    .array(usedSlotsShape)
    .max(2 * MOST_MEMBERSHIPS)
    .optional(),
  ...contentMembers,
});
export type Wallet = z.infer<typeof walletShape>;

/** Reads a wallet. The detail of a refusal never quotes the text: it may hold the root. */
export function parseWallet(text: string): Checked<Wallet, 'BAD_WALLET'> {
  const json = parseJson(text);
  const shaped = json.ok ? checkShape(walletShape, json.value) : json;
  return shaped.ok ? accept(shaped.value) : refuse('BAD_WALLET', 'this is not a wallet, or it was cut off or changed');
}
