/** From what is known of a statement to what its page says. Pure. */

import type { PictureWords } from '#app/ring/draw-picture.ts';
import type { RingGroup } from '#app/ring/ring-geometry.ts';
import type { RingPictureProps } from '#app/ring/ring-picture.tsx';
import type { RingState } from '#app/ring/ring-words.ts';
import { formatTime } from '#app/ui/time-words.ts';
import { PAGE_ITEMS } from '#lib/api/find-in-list.ts';
import { nameGroupsBy } from '#lib/protocol/member/name-groups.ts';
import { countOf, groupDigits } from '#lib/protocol/messages/count-of.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import { findAlike } from '#lib/protocol/messages/visible-text.ts';
import { listSigners } from '#lib/protocol/reveal/names.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { countTogether, groupsOf, isTriggerMet, type Trigger } from '#lib/protocol/statement/trigger.ts';
import type { RecordSeal } from '#lib/server/statements/find-seal.ts';
import type { StatementView } from '#lib/server/statements/get-view.ts';
import { partsOf } from '#lib/signing/trigger-parts.ts';
import { admissionWarnings, crowdWarnings, type Warning } from '#lib/signing/warnings.ts';
import { listRingTrustees } from './trustee-words.ts';

/** The state in two or three words, above the title. */
export function nameState(view: Pick<StatementView, 'state' | 'isLost'>): string {
  if (isStranded(view)) return 'Cannot be revealed';
  return {
    keying: 'Not open yet',
    aborted: 'Never opened',
    open: 'Open for signatures',
    closed: 'Deadline passed',
    revealed: 'Revealed',
    unopened: 'Sealed for ever',
    unvouched: 'Ended, by the site’s word',
    destroyed: 'Destroyed',
  }[view.state];
}

/** Seconds after the end during which the platform still puts things in order: entries erased, last words of trustees taken in. */
const SETTLING_SECONDS = 60;

/** After how many seconds a page about it is worth making again; null once nothing can change any more. */
export function refreshSeconds(view: Pick<StatementView, 'state' | 'committee' | 'waves' | 'statement' | 'now'>): number | null {
  if (view.state === 'aborted') return null;
  const end = destructionTime(view.statement);
  if (view.now < end) {
    const names = view.state === 'revealed' ? listShownNames(view).length : 0;
    return names === 0 ? 3 : names <= PAGE_ITEMS ? 20 : 60; // a long list is a large page
  }
  if (view.now < end + SETTLING_SECONDS) return 5;
  return view.committee.some((member) => member.state === 'overdue' || member.state === 'holding') ? 20 : null;
}

/** Whether nothing can come of a statement any more because this platform has lost a part of its board. */
export function isStranded({ state, isLost }: Pick<StatementView, 'state' | 'isLost'>): boolean {
  return isLost && (state === 'open' || state === 'closed');
}

/** Whether members can sign now: also after the reveal, until the deadline. */
export function canSign(view: Pick<StatementView, 'state' | 'statement' | 'now' | 'isLost'>): boolean {
  if (view.isLost) return false;
  return view.state === 'open' || (view.state === 'revealed' && view.now <= view.statement.deadline);
}

/** Whether so many signatures are final that the trustees are to mix and open the names now. */
export function isMixing(view: Pick<StatementView, 'state' | 'waves'>): boolean {
  return (view.state === 'open' || view.state === 'closed') && view.waves.length > 0;
}

/** The round robin as it stands. */
export function presentRing(view: StatementView): RingPictureProps {
  const names = listShownNames(view);
  const revealed = view.state === 'revealed' && names.length > 0;
  const groups = listArcs(view.statement.trigger, view);
  return {
    state: ringState(view, revealed),
    statement: view.id,
    title: view.title,
    needed: view.needed,
    isMet: isTriggerMet(view.statement.trigger, countTogether(new Map(Object.entries(view.counts)), view.statement.together)),
    live: view.live,
    ...(revealed ? { names: names.map(({ seat, text }) => ({ seat, name: text })) } : {}),
    ...(groups.length > 0 && !revealed ? { groups } : {}),
    trustees: listRingTrustees(view),
    isOver: view.now >= destructionTime(view.statement),
    when: formatTime(destructionTime(view.statement), 'day', 'UTC'),
  };
}

function ringState(view: StatementView, revealed: boolean): RingState {
  if (isMixing(view) || (view.state === 'revealed' && !revealed)) return 'mixing';
  return view.state === 'closed' ? 'open' : view.state;
}

export interface ShownName {
  /** Where it stands in the circle: `seatOf` its token. */
  seat: Hex32;
  group: Hex32;
  /** The name, or what the page says in place of one for which the issuer left no capsule. */
  text: string;
  isReadable: boolean;
  /** How many signatures stand for this one token, which is then one name; more than one is flagged. */
  signatures: number;
}

/** By the waves of a view: a page asks for its names many times, and each takes a hash. */
const shownNames = new WeakMap<StatementView['waves'], readonly ShownName[]>();

/** Every name that has been opened, each token once, in the order of the circle. */
export function listShownNames({ waves }: Pick<StatementView, 'waves'>): readonly ShownName[] {
  const known = shownNames.get(waves);
  if (known) return known;
  const names = listSigners(waves.flatMap((wave) => wave.names)).map(({ name, ...signer }) => ({
    ...signer,
    text: name ?? 'a name that cannot be read',
    isReadable: name !== null,
  }));
  shownNames.set(waves, names);
  return names;
}

/** Signatures whose names are open, by group: a token that stands for several counts as often. */
export function countOpened({ waves }: Pick<StatementView, 'waves'>): Map<Hex32, number> {
  const counts = new Map<Hex32, number>();
  for (const { group, names } of waves.flatMap((wave) => wave.names)) counts.set(group, (counts.get(group) ?? 0) + names.length);
  return counts;
}

/** Names that look like one before them: two people of one name, or one person with two identities. */
export function findEqualNames(view: Pick<StatementView, 'waves'>): string[] {
  return findAlike(listShownNames(view).flatMap((name) => (name.isReadable ? [name.text] : [])));
}

/** Names that each stand for several signatures, because their roll holds one token twice. They are shown once and flagged. SPEC §10.8. */
export function findRepeatedNames(view: Pick<StatementView, 'waves'>): ShownName[] {
  return listShownNames(view).filter(({ signatures }) => signatures > 1);
}

/** An arc for each group of the statement, those that the condition names first; none where there is but one and nobody asks for it. */
function listArcs(trigger: Trigger, view: Pick<StatementView, 'context' | 'counts'>): RingGroup[] {
  const named = groupsOf(trigger);
  const groups = [...new Set([...named, ...view.context.rolls.keys()])];
  if (groups.length === 1 && named.length === 0) return [];
  const nameOf = nameGroupsBy(view.context.rolls);
  return groups.map((id) => ({ id, label: nameOf(id), needed: mostAskedOf(id, trigger), count: view.counts[id] ?? 0 }));
}

/** The largest number that any part of a condition asks of a group by itself; null if none does. */
function mostAskedOf(group: Hex32, trigger: Trigger): number | null {
  if ('group' in trigger) return trigger.group === group ? trigger.count : null;
  return partsOf(trigger).reduce<number | null>((most, part) => {
    const asked = mostAskedOf(group, part);
    return asked === null ? most : Math.max(asked, most ?? 0);
  }, null);
}

export interface GroupCount {
  id: Hex32;
  name: string;
  size: number;
  roll: number;
  signed: number;
  left: number;
  warnings: Warning[];
}

/** For each group how many members it has, how many have signed and how many are left, with what follows for those. */
export function countGroups(view: Pick<StatementView, 'context' | 'counts'>): GroupCount[] {
  const counts = new Map(Object.entries(view.counts));
  const served = admissionWarnings([...view.context.rolls.values()], view.context.statement);
  const nameOf = nameGroupsBy(view.context.rolls);
  return [...view.context.rolls].map(([id, header]) => {
    const signed = counts.get(id) ?? 0;
    const warnings = [...crowdWarnings([header], counts, 'signed', nameOf), ...served].filter(({ group }) => group === id);
    return { id, name: nameOf(id), size: header.size, roll: header.number, signed, left: header.size - signed, warnings };
  });
}

const STRANDED =
  'This site has lost signatures that trustees had vouched for. No name can ever be opened, so it takes no more signatures. The statement can be opened again as a new one.';

/** The state in one sentence, for the head of the page and for screen readers when it changes. */
export function describeState(view: StatementView): string {
  const { live, needed, state } = view;
  const people = (count: number) => countOf(count, 'person', 'people');
  if (isStranded(view)) return STRANDED;
  switch (state) {
    case 'keying':
      return 'The trustees are making the key for this statement. As soon as they have, members can sign.';
    case 'aborted':
      return 'The trustees did not make a key, so nobody was able to sign. It can be opened again as a new statement.';
    case 'open':
      if (isMixing(view)) return `${people(live)} have signed. ${describeMixing(view)}`;
      return live >= needed
        ? `${people(live)} have signed and stay sealed until the condition is met.`
        : `${groupDigits(live)} of at least ${groupDigits(needed)} signatures are there. Until then nobody can read a single name.`;
    case 'closed':
      if (isMixing(view)) return `Enough have signed, and the deadline has passed. ${describeMixing(view)}`;
      return 'The deadline has passed and the last signatures are being counted. If they are too few, the trustees destroy the key.';
    case 'revealed': {
      const names = listShownNames(view).length;
      return names > 0 ? `${people(names)} signed together.` : 'The trustees have opened the names; they appear in a moment.';
    }
    case 'unopened':
      return 'Enough people signed, but too few trustees opened the names in time. They stay sealed for ever.';
    case 'unvouched':
      return 'The time is over. Too few trustees have confirmed how it ended, so what this page says of the end is the site’s word.';
    case 'destroyed':
      return 'The condition was not met in time. The trustees were to destroy the key, and nobody learns who had signed.';
  }
}

/** Who mixes and who has done so, by name, as pages tell it while names are on their way. */
function describeMixing({ waves, committee, statement }: Pick<StatementView, 'waves' | 'committee' | 'statement'>): string {
  const due = waves.find((wave) => !wave.isOpened);
  const mixed = [...new Set(due?.mixedBy.map(({ trustee }) => trustee))].map((index) => quote(committee[index - 1]?.name ?? ''));
  const { threshold } = statement.committee;
  const done = mixed.length === 0 ? '' : ` ${mixed.join(' and ')} ${mixed.length === 1 ? 'has' : 'have'} mixed.`;
  if ((due?.openedBy.length ?? 0) > 0) return `The names have been mixed, and the trustees are opening them now.${done}`;
  return `${threshold} of the trustees are mixing the names now, so that nobody can tell who signed when.${done}`;
}

/** What a printed letter names, so that its reader can tell whether a record is the one meant. */
export function listHashes(view: Pick<StatementView, 'id' | 'waves'>, seal: RecordSeal | null): { of: string; hex: Hex32 }[] {
  return [
    { of: 'Hash of the statement', hex: view.id },
    ...view.waves.slice(0, 1).map((wave) => ({ of: `Hash of the wave that checkpoint ${wave.checkpoint} called for`, hex: wave.content })),
    ...(seal ? [{ of: `Hash of the record, of all ${groupDigits(seal.lines)} lines before its last`, hex: seal.hash }] : []),
  ];
}

/** The words beside the ring in the picture that stands beside links. */
export function describePicture(view: Pick<StatementView, 'title' | 'state' | 'statement' | 'isLost' | 'hidden'>): PictureWords {
  if (view.hidden) return { title: view.title, kicker: 'Hidden', foot: 'Whoever runs this site does not show it' };
  const day = formatTime(view.statement.deadline, 'day', 'UTC');
  const foot = {
    keying: `Until ${day}`,
    aborted: 'It was never open for signatures',
    open: `Until ${day}`,
    closed: `Until ${day}`,
    revealed: 'All at once, and nobody was first',
    unopened: 'Too few trustees opened the names',
    unvouched: 'Ended, by the site’s word',
    destroyed: 'Nobody learns who had signed',
  }[view.state];
  return { title: view.title, kicker: nameState(view), foot };
}
