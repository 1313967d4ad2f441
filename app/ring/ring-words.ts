/** What a ring says: the words in its middle and the sentence for whoever does not see it. Pure. */
import { countOf, groupDigits } from '#lib/protocol/messages/count-of.ts';
import type { RingGroup } from './ring-geometry.ts';
import type { RingName } from './ring-names.ts';

export type RingState = 'keying' | 'open' | 'mixing' | 'revealed' | 'destroyed' | 'unopened' | 'unvouched' | 'aborted';

/** A trustee as the ring shows it. `done`: ready, opened or destroyed its share, as the state has it; `failed`: named for what went wrong. */
export interface RingTrustee {
  name: string;
  mark: 'done' | 'waiting' | 'failed';
  /** The rest of the sentence in the list, e.g. "destroyed its share on 1 March 2027". */
  note?: string;
}

export interface RingFacts {
  state: RingState;
  /** Least number of signatures that fires the trigger. */
  needed: number;
  /** The id of the statement: the order of the seats follows from it. */
  statement: string;
  /** Whether they meet the condition; where it is not said, they do as soon as `needed` are there. */
  isMet?: boolean;
  /** How many signatures are live, also in `revealed` (those without a name are drawn as still sealed). */
  live: number;
  names?: readonly RingName[];
  groups?: readonly RingGroup[];
  trustees?: readonly RingTrustee[];
  /** Whether the time is over, so that what has no name gets none. */
  isOver?: boolean;
  /** The day of the end as it is to be read, for `destroyed`, `unopened` and `unvouched`, e.g. "1 March 2027". */
  when?: string;
}

/** How many signatures of a revealed statement have no name yet: signed after the wave, or on a condition that was not met. */
export function stillSealed(facts: RingFacts): number {
  return Math.max(0, facts.live - (facts.names?.length ?? 0));
}

/** How many of a group have signed, and of how many where it is asked for by itself. */
export function countOfGroup({ count, needed }: RingGroup): string {
  return needed === null ? groupDigits(count) : `${groupDigits(count)} of ${groupDigits(needed)}`;
}

function isMet({ live, needed, isMet }: RingFacts): boolean {
  return isMet ?? live >= needed;
}

/** The words in the middle: one large, up to two small. */
export function centreWords(facts: RingFacts): { head: string; lines: string[] } {
  const count = facts.live;
  const ready = facts.trustees?.filter((trustee) => trustee.mark === 'done').length ?? 0;
  switch (facts.state) {
    case 'keying':
      return {
        head: 'Not open yet',
        lines: facts.trustees ? [`${ready} of ${facts.trustees.length} trustees`, 'are ready'] : ['the trustees are', 'making its key'],
      };
    case 'open':
      return {
        head: groupDigits(count),
        lines:
          count < facts.needed
            ? [`of ${groupDigits(facts.needed)} sealed`]
            : ['sealed', isMet(facts) ? `${groupDigits(facts.needed)} were needed` : 'not yet as needed'],
      };
    case 'revealed': {
      const left = stillSealed(facts);
      return {
        head: groupDigits(facts.names?.length ?? 0),
        lines: ['signed together', ...(left > 0 ? [`${groupDigits(left)} more ${facts.isOver ? 'sealed for ever' : 'still sealed'}`] : [])],
      };
    }
    case 'unopened':
      return {
        head: 'Unopened',
        lines: count > 0 ? [`${groupDigits(count)} stay sealed`, 'for ever'] : ['sealed for ever'],
      };
    case 'mixing':
      return { head: groupDigits(count), lines: ['sealed', 'being mixed'] };
    case 'unvouched':
      return { head: 'Ended', lines: ['by the site’s word', ...(facts.when ? [facts.when] : [])] };
    case 'destroyed':
      return { head: 'Destroyed', lines: ['the key is gone', ...(facts.when ? [facts.when] : [])] };
    case 'aborted':
      return { head: 'Aborted', lines: ['it never opened'] };
  }
}

/** The picture in a sentence or two, without the names (they are in the list). */
export function describeRing(facts: RingFacts): string {
  const count = facts.live;
  const people = (n: number) => countOf(n, 'person', 'people');
  switch (facts.state) {
    case 'keying':
      return 'Nobody can sign yet: the trustees are making the key for this statement, and each of them has to take part.';
    case 'open':
      if (count >= facts.needed && !isMet(facts))
        return `${people(count)} have signed, each one sealed, and the condition is not met yet. Where a seal sits says nothing about who came first.`;
      if (count >= facts.needed)
        return `${people(count)} have signed; ${groupDigits(facts.needed)} were needed. The names appear once the trustees have opened the seals, unless some wait for more people.`;
      return `${groupDigits(count)} of the ${groupDigits(facts.needed)} signatures needed ${count === 1 ? 'is' : 'are'} there, each one sealed. Where a seal sits says nothing about who came first.`;
    case 'revealed': {
      const left = stillSealed(facts);
      return `${people(facts.names?.length ?? 0)} signed together, in no order.${left > 0 ? ` ${describeLeft(left, facts.isOver)}` : ''}`;
    }
    case 'unopened':
      return 'Enough people signed, but too few trustees opened the seals in time. They stay sealed for ever.';
    case 'mixing':
      return `${people(count)} have signed, which is enough. The trustees are mixing the names, so that nobody can tell who signed when; then they open them.`;
    case 'unvouched':
      return 'The site says that this statement has ended. Too few trustees have confirmed how, so that is its word alone.';
    case 'destroyed':
      return `The condition was not met in time. The trustees attest that they have destroyed their shares of the key${facts.when ? ` (${facts.when})` : ''}. Without those nobody can find out who had signed.`;
    case 'aborted':
      return 'The trustees could not agree on a key, so nobody was able to sign. The author can open it again as a new statement.';
  }
}

/** What becomes of those who signed and have no name when others do. */
function describeLeft(left: number, isOver = false): string {
  const stays = left === 1 ? 'stays' : 'stay';
  return isOver
    ? `${groupDigits(left)} more signed on terms that were not met, or too late, and ${stays} sealed for ever.`
    : `${groupDigits(left)} more signed on terms that are not met, or later, and ${stays} sealed for now.`;
}
