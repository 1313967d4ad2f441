import type { RollHeader } from '#lib/protocol/member/roll.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { groupDigits } from '../ring/ring-words.ts';
import { PersonName } from './person-name.tsx';

/** Groups with the rolls that are meant, one a line. */
export function GroupRolls({ rolls }: { rolls: ReadonlyMap<Hex32, RollHeader> }) {
  return [...rolls].map(([group, header]) => (
    <div key={group}>
      <PersonName name={header.group.name} />
      <span>{`, ${groupDigits(header.size)} members (roll ${header.number})`}</span>
    </div>
  ));
}
