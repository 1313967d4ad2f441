import { nameGroupsBy } from '#lib/protocol/member/name-groups.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { countOf } from '#lib/protocol/messages/count-of.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { PersonName } from './person-name.tsx';

/** Groups with the rolls that are meant, one a line. */
export function GroupRolls({ rolls }: { rolls: ReadonlyMap<Hex32, RollHeader> }) {
  const nameOf = nameGroupsBy(rolls);
  return [...rolls].map(([group, header]) => (
    <div key={group}>
      <PersonName name={nameOf(group)} />
      <span>{`, ${countOf(header.size, 'member', 'members')} (roll ${header.number})`}</span>
    </div>
  ));
}
