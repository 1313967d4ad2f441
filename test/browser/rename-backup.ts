import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { formatBackup, openBackup, parseBackup, sealBackup } from '#lib/protocol/member/backup.ts';
import { rootOfWords } from '#lib/protocol/member/recovery.ts';
import type { Checked } from '#lib/protocol/messages/checked.ts';

/** A backup as the same person would save it who has joined anew under another attested name, and has forgotten the former one. */
export function renameBackup(file: string, words: readonly string[], name: string): Buffer {
  const root = openedOf(rootOfWords(words.join(' ')));
  const content = openedOf(openBackup(root, openedOf(parseBackup(readFileSync(file, 'utf8')))));
  const memberships = content.memberships.map((membership) => ({ ...membership, name }));
  return Buffer.from(formatBackup(sealBackup(root, { ...content, memberships }, randomBytes)));
}

function openedOf<T>(checked: Checked<T>): T {
  if (!checked.ok) throw new Error(checked.code);
  return checked.value;
}
