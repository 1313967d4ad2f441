import { Notice } from '#app/ui/notice.tsx';
import { Section } from '#app/ui/page-parts.tsx';
import { groupDigits } from '#lib/protocol/messages/count-of.ts';
import type { GroupView } from '#lib/server/groups/list.ts';
import { growthOf } from './roll-growth.ts';
import { RollTable } from './roll-table.tsx';

/** The rolls of a group, newest first, so that a sudden crowd of new members is there for all to see. */
export function RollHistory({ rolls, of }: Pick<GroupView, 'rolls'> & { of?: string }) {
  const oldest = rolls.at(-1)?.header.number ?? 1;
  const broken = rolls.filter(({ isChained }) => !isChained).map(({ header }) => header.number);
  return (
    <Section title={of === undefined ? 'Rolls' : `Rolls of ${of}`} {...(of === undefined ? { id: 'rolls' } : {})}>
      {broken.length > 0 && (
        <Notice
          kind="error"
          title={`This history is broken: roll ${broken.join(', ')} does not follow the one before it.`}
          todo="Rolls of one group are signed one after the other, each with the hash of the one before. Something was taken out or changed here. Do not sign on these rolls, and tell the issuer."
        />
      )}
      <p>
        A roll is one published version of the list of members, signed and without names. Each continues the one before and none can be
        taken back. A statement keeps the rolls it was opened with.
      </p>
      {oldest > 1 && <p>{`Listed are the newest ${groupDigits(rolls.length)}. Programs are given all of them, page by page.`}</p>}
      <RollTable
        rolls={growthOf(rolls.map(({ hash, header: { number, size, time }, ...changes }) => ({ hash, number, size, time, ...changes })))}
      />
    </Section>
  );
}
