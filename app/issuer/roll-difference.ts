import type { RollDifference } from '#lib/issuing/continue-roll.ts';
import type { IssuedGroup } from '#lib/issuing/issuer-file.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { countOf } from '#lib/protocol/messages/count-of.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import { formatTime } from '../ui/time-words.ts';
import { someOf } from './some-of.ts';

const MOST_NAMES = 12;

/**
 * What the newest roll says and the keystore does not know, in sentences.
 * @param claimed names of those awaited here of whom the platform says that they have joined
 */
export function describeDifference(
  group: IssuedGroup,
  difference: RollDifference,
  claimed: readonly string[],
  timeZone?: string,
): string[] {
  const { newest, shared, discarded, places, struck, unknown } = difference;
  const describe = ({ number, time, size }: RollHeader) =>
    `roll ${number} of ${formatTime(time, 'day', timeZone)} with ${countOf(size, 'member', 'members')}`;
  const namesOf = (secrets: ReadonlySet<string>) => group.members.filter(({ secret }) => secrets.has(secret)).map(({ name }) => name);
  const sentences = [
    `This site has ${describe(newest)}; this keystore knows ${shared ? describe(shared) : 'of no roll'}. All rolls in between are signed with your key.`,
    `${countOf(places.size, 'member', 'members')} of your roster ${places.size === 1 ? 'is' : 'are'} in the newest roll and ${places.size === 1 ? 'keeps its place' : 'keep their places'}.`,
  ];
  if (struck.length > 0)
    sentences.push(
      `No longer in the newest roll, and so removed from this roster too: ${someOf(namesOf(new Set(struck)).map(quote), MOST_NAMES)}.`,
    );
  if (unknown > 0)
    sentences.push(
      `${countOf(unknown, 'member', 'members')} of the newest roll ${unknown === 1 ? 'is' : 'are'} not known to this keystore: it lacks what they replied, and without that nobody could ever read their names. The next roll leaves them out, and they have to join anew.`,
    );
  if (claimed.length > 0)
    sentences.push(
      `This site says that these have joined since, and cannot prove it: ${someOf(claimed.map(quote), MOST_NAMES)}. If you go on, they get new invitations; send them their links.`,
    );
  if (discarded !== null) sentences.push(`Roll ${discarded}, which was signed here and which this site did not take, is given up.`);
  sentences.push(`A site can hide a roll, and nothing here can show that. ${compareOutside(newest, timeZone)}`);
  return sentences;
}

// Only others can tell whether the newest roll is the one that a site shows.
function compareOutside({ number, time }: RollHeader, timeZone?: string): string {
  return `Before you go on, compare the number and date of the newest roll, ${number} of ${formatTime(time, 'day', timeZone)}, with what your members or statements show: with two rolls of one number, both signed with your key, nobody can trust your group.`;
}
