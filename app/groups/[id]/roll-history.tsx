import { Section } from '#app/ui/page-parts.tsx';
import type { GroupView } from '#lib/server/groups/list.ts';
import { growthOf } from './roll-growth.ts';
import { RollTable } from './roll-table.tsx';

/** Every roll ever published, so that a sudden crowd of new members is there for all to see. */
export function RollHistory({ rolls }: Pick<GroupView, 'rolls'>) {
  return (
    <Section title="Rolls" id="rolls">
      <p>
        A roll is one published version of the list of members, signed and without names. Each continues the one before and none can be
        taken back. A statement keeps the rolls it was opened with.
      </p>
      <RollTable rolls={growthOf(rolls.map(({ hash, header: { number, size, time } }) => ({ hash, number, size, time })))} />
    </Section>
  );
}
