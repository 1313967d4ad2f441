import { Notice } from '#app/ui/notice.tsx';
import { Time } from '#app/ui/time.tsx';
import { Words } from '#app/ui/words.tsx';
import { nameGroupsBy } from '#lib/protocol/member/name-groups.ts';
import { totalOf } from '#lib/protocol/statement/trigger.ts';
import type { StatementView } from '#lib/server/statements/get-view.ts';
import { canOpenMore, countLeft, describeLate, findLateGroups } from '#lib/signing/late-names.ts';
import { canSign, countOpened } from './present-statement.ts';

/** After a reveal and before the deadline: what it takes for further names to come out. Nothing while some are on their way. */
export function LateNames({ view }: { view: StatementView }) {
  const { statement, context, waves, counts } = view;
  if (view.state !== 'revealed' || !canSign(view) || waves.some((wave) => !wave.isOpened)) return null;
  const live = new Map(Object.entries(counts));
  const opened = countOpened(view);
  const groups = findLateGroups(context.sizes, live, opened, statement.together);
  const setting = { nameOf: nameGroupsBy(context.rolls), anybodyLeft: countLeft(groups) };
  const isOver = !groups.some((one) => canOpenMore(one, statement.together, setting.anybodyLeft));
  const sealed = totalOf(live) - totalOf(opened);
  return (
    <Notice kind="info" title={isOver ? 'No further names can come out.' : 'Further names can still come out.'}>
      <ul>
        {groups.map((one) => (
          <li key={one.group}>
            <Words>{describeLate(one, statement.together, setting)}</Words>
          </li>
        ))}
      </ul>
      <p>
        {!isOver && (
          <span key="open">
            Until the deadline, <Time at={statement.deadline} />.{' '}
          </span>
        )}
        <span>{sealed > 0 && 'What is still sealed in the end stays so for ever.'}</span>
      </p>
    </Notice>
  );
}
