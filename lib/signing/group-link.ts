import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { undoMail } from './mailed-text.ts';
import { findAddress, findInPath, splitAddress } from './statement-link.ts';

/**
 * Reads the link of a group's page, whatever stands round it, or its id alone. The id is a hash of the issuer's key and the name, so the link pins both.
 * @returns the id, and the origin of the site where one is named
 */
export function parseGroupLink(text: string): Checked<{ group: Hex32; origin: string | null }, 'BAD_LINK'> {
  const plain = undoMail(text).trim();
  const { origin, rest } = findAddress(plain);
  const group = findInPath(splitAddress(origin === '' ? plain : rest).path);
  if (!group) return refuse('BAD_LINK', 'this is not the link of a group’s page');
  return accept({ group, origin: URL.canParse(origin) ? new URL(origin).origin : null });
}
