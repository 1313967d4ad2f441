import { base64urlnopad } from '@scure/base';
import { sealBackup } from '#lib/protocol/member/backup.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import type { Membership, Wallet } from '#lib/protocol/member/wallet-file.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';

const MARK = 'backup-';

/**
 * The address in the QR code of one membership: the wallet page of its site, with a backup of that membership and of the newest roll
 * seen behind the `#`. Only the words open it, so that it may stand in a history. SPEC §3.6.
 */
export function formatBackupLink(wallet: Wallet, membership: Membership, random: Random): string {
  const rolls = wallet.rolls.filter(({ group }) => group === groupId(membership.group));
  const sealed = sealBackup(wallet.root, { memberships: [membership], rolls, receipts: [] }, random);
  return `${membership.platform}/wallet#${MARK}${base64urlnopad.encode(sealed)}`;
}

/** The backup behind the `#` of an address; null where there is none. `openBackup` opens it. */
export function readBackupLink(hash: string): Uint8Array | null {
  const [, text] = new RegExp(`#${MARK}([A-Za-z0-9_-]+)$`).exec(hash) ?? [];
  try {
    return text === undefined ? null : base64urlnopad.decode(text);
  } catch {
    return null;
  }
}
