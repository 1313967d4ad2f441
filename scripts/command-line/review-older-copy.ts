import { describeDifference } from '#app/issuer/roll-difference.ts';
import { type ComparedCopy, compareCopy } from '#lib/agent/older-copy.ts';
import type { RoundTools } from '#lib/agent/round-tools.ts';
import { findGroup } from '#lib/issuing/issuer-file.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { onOneLine } from '#lib/protocol/messages/visible-text.ts';
import { askYes } from '../signing/ask.ts';

const NOTHING_NEWER = 'The platform shows no newer roll than this keystore knows.';
const TAKEN_BACK =
  'Every invitation that nobody has answered is taken back, and so is the stock: somebody may hold what this copy does not know of.';

/**
 * Shows what a platform has of a group and an older copy of the agent's folder does not, and asks whether to go on from there.
 * @param isSure nothing is asked @throws Error when it is not possible, and for a no; ApiError
 */
export async function reviewOlderCopy(tools: RoundTools, group: Hex32, isSure: boolean): Promise<ComparedCopy> {
  const compared = await compareCopy(tools, group);
  if (!compared.ok) throw new Error(`It is not possible to go on from the platform’s newest roll: ${compared.detail}.`);
  const { difference, claimed } = compared.value;
  const joined = claimed.map(({ name }) => name);
  const known = difference ? describeDifference(findGroup(tools.store.now().issuer, group), difference, joined) : [NOTHING_NEWER];
  console.log([...known, TAKEN_BACK].map(onOneLine).join('\n'));
  if (!isSure && !(await askYes('Go on from there?'))) throw new Error('Nothing was changed.');
  return compared.value;
}
