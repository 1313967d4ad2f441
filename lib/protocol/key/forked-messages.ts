// SPEC §7.5: trustees that signed two different messages of one kind
import { messageHash } from '../messages/ed25519.ts';
import type { Hex32 } from '../messages/hash.ts';
import type { StatementContext } from '../statement/statement.ts';
import { dealsOf } from './complaints.ts';
import { type KeyMessage, transcriptHash } from './key-messages.ts';

/** Two different messages of one kind and author show that it forked; a third shows nothing more, and is taken nowhere. SPEC §7.5. */
export const MOST_OF_A_KIND = 2;

/** What messages of key generation have in common of which one should be: kind and author, and of complaints the dealer. */
export function kindOfKeyMessage(message: KeyMessage): string {
  return `${message.type}/${message.trustee}/${message.type === 'complaint' ? message.deal.trustee : ''}`;
}

/**
 * Trustees that signed two different messages of one kind (complaints: about one dealer), ascending. They are blamed before
 * anybody else, because what follows from such a message looks like a fault of whoever believed the other one.
 */
export function findKeyForkers(context: StatementContext, messages: readonly KeyMessage[]): number[] {
  const seen = new Map<string, Hex32>();
  const forkers = new Set<number>();
  for (const message of [...messages, ...dealsOf(context, messages)]) {
    const kind = kindOfKeyMessage(message);
    const hash = messageHash(message.type, message);
    if ((seen.get(kind) ?? hash) !== hash) forkers.add(message.trustee);
    seen.set(kind, hash);
  }
  return [...forkers].sort((a, b) => a - b);
}

/**
 * The parts of a forked key generation that all n trustees have confirmed: one commit and one deal of each, such that n confirms
 * name their transcript. A key once made so stays, whatever is signed afterwards. Nothing where k or more have forked: then no
 * promise of this protocol holds, and 2^(2(k − 1)) choices bound the search otherwise. SPEC §7.5.
 */
export function* confirmedParts(
  { id, statement }: StatementContext,
  messages: readonly KeyMessage[],
  forkers: readonly number[],
): Generator<KeyMessage[]> {
  const size = statement.committee.trustees.length;
  if (forkers.length >= statement.committee.threshold) return;
  const confirms = messages.filter((message) => message.type === 'confirm');
  const authorsOf = (transcript: Hex32) => new Set(confirms.filter((one) => one.transcript === transcript).map((one) => one.trustee));
  const confirmed = new Set(confirms.map((one) => one.transcript).filter((transcript) => authorsOf(transcript).size === size));
  if (confirmed.size === 0) return;
  // Of each message once: there may be a thousand choices, of 32 messages each.
  const hashed = messages.map((message) => ({ message, hash: messageHash(message.type, message) }));
  const standing = (type: 'commit' | 'deal') =>
    statement.committee.trustees.map((_, i) => hashed.filter(({ message }) => message.type === type && message.trustee === i + 1));
  const waysToDeal = [...choices(standing('deal'))];
  for (const commits of choices(standing('commit')))
    for (const deals of waysToDeal) {
      const transcript = transcriptHash(id, hashesOf(commits), hashesOf(deals));
      if (confirmed.has(transcript))
        yield [...[...commits, ...deals].map(({ message }) => message), ...confirms.filter((one) => one.transcript === transcript)];
    }
}

type Hashed = { message: KeyMessage; hash: Hex32 };

function hashesOf(all: readonly Hashed[]): Hex32[] {
  return all.map(({ hash }) => hash);
}

/** Every way to choose one of each list, in order; none where a list is empty. */
function* choices(lists: readonly (readonly Hashed[])[]): Generator<Hashed[]> {
  const [first, ...rest] = lists;
  if (!first) return yield [];
  for (const one of first) for (const others of choices(rest)) yield [one, ...others];
}
