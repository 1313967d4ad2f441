import { base64urlnopad } from '@scure/base';
import { sealBackup } from '#lib/protocol/member/backup.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import type { Membership, Wallet } from '#lib/protocol/member/wallet-file.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { piecesOf, undoMail } from './mailed-text.ts';

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

/**
 * The backup behind the `#` of an address, whatever a program that reads codes has put behind it; null where there is none.
 * `openBackup` opens it.
 */
export function readBackupLink(hash: string): Uint8Array | null {
  const text = findBackup(hash);
  try {
    return text === null ? null : base64urlnopad.decode(text);
  } catch {
    return null;
  }
}

/** The end of such an address from its mark on, where an address that the site does not have holds one. */
export function findBackupEnd(fragment: string): string | null {
  const text = findBackup(`#${fragment}`);
  return text === null ? null : `#${MARK}${text}`;
}

function findBackup(hash: string): string | null {
  const plain = undoMail(hash);
  const at = plain.indexOf(`#${MARK}`);
  if (at < 0) return null;
  const text = piecesOf(plain.slice(at + MARK.length + 1), /[A-Za-z0-9_-]/)
    .map((piece) => piece.text)
    .join('');
  return text === '' ? null : text;
}
