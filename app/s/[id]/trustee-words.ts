/** What a trustee does or has done, in words for readers of a statement. */

import type { RingTrustee } from '#app/ring/ring-words.ts';
import type { CommitteeMember, Fault } from '#lib/server/statements/committee.ts';
import type { StatementView } from '#lib/server/statements/get-view.ts';

const FAULTS: Record<Fault, string> = {
  BAD_COMMIT: 'began the making of the key with a message that proves nothing',
  BAD_DEAL: 'dealt a part of the key that does not fit its own commitment',
  BAD_SHARE: 'gave another trustee a wrong share of the key',
  FALSE_COMPLAINT: 'accused another trustee falsely',
  BAD_COMPLAINT: 'accused another trustee without proof',
  BAD_CONFIRM: 'confirmed another key than the one that was made',
  SILENT: 'did not answer in time',
  FORKED: 'vouched for two different boards',
  BAD_MIX: 'sent a step of the mixing that is wrong; it was set aside',
  BAD_OPENING: 'published an opening that is wrong; it was set aside',
};

/** A fault as the rest of a sentence that begins with the trustee's name. */
export function faultWords(fault: Fault): string {
  return FAULTS[fault];
}

/** How a trustee stands, as the rest of a sentence that begins with its name. */
export function describeTrustee(member: CommitteeMember, view: Pick<StatementView, 'state'>): string {
  switch (member.state) {
    case 'awaited':
      return 'has yet to do its part of the key';
    case 'ready':
      return 'has done its part so far';
    case 'holding':
      return view.state === 'open' ? 'holds its share of the key' : 'still holds its share of the key';
    case 'opened':
      return 'has opened names';
    case 'due':
      return 'is to mix and open the names';
    case 'destroyed':
      return 'says that it has destroyed its share';
    case 'overdue':
      return 'should have destroyed its share and has not said so';
    case 'void':
      return 'took part; no key was made';
    case 'at-fault':
      return member.fault ? FAULTS[member.fault] : 'broke the rules';
  }
}

/** The committee as the ring shows it. */
export function listRingTrustees(view: Pick<StatementView, 'state' | 'committee' | 'waves'>): RingTrustee[] {
  return view.committee.map((member) => {
    const opened = view.waves.some((wave) => wave.openedBy.includes(member.index));
    return { name: member.name, mark: markOf(member, view.state, opened), note: noteOf(member, view.state, opened) };
  });
}

function markOf(member: CommitteeMember, state: StatementView['state'], opened: boolean): RingTrustee['mark'] {
  if (member.fault !== undefined && member.fault !== 'SILENT') return 'failed';
  if (state === 'unopened') return opened ? 'done' : 'waiting';
  if (state === 'destroyed' || state === 'unvouched') return member.state === 'destroyed' ? 'done' : 'waiting';
  return member.state === 'awaited' || member.state === 'due' || member.fault === 'SILENT' ? 'waiting' : 'done';
}

function noteOf(member: CommitteeMember, state: StatementView['state'], opened: boolean): string {
  if (member.fault !== undefined) return FAULTS[member.fault];
  if (state === 'unopened') return opened ? 'opened in time' : 'did not open in time';
  return describeTrustee(member, { state });
}
