import { nameGroupsBy } from '#lib/protocol/member/name-groups.ts';
import { groupDigits } from '#lib/protocol/messages/count-of.ts';
import { destructionTime, type StatementContext } from '#lib/protocol/statement/statement.ts';
import { leastSignatures } from '#lib/protocol/statement/trigger.ts';
import { partsOf } from '#lib/signing/trigger-parts.ts';
import { Condition } from '../ui/condition.tsx';
import { ConditionDiagram } from '../ui/condition-diagram.tsx';
import { FactList } from '../ui/fact-list.tsx';
import { GroupRolls } from '../ui/group-rolls.tsx';
import { KeyFingerprint } from '../ui/key-fingerprint.tsx';
import { Stack } from '../ui/page-parts.tsx';
import { NamesInLine } from '../ui/person-name.tsx';
import { Time } from '../ui/time.tsx';
import { describeAtMost, describeCadence } from '../ui/time-words.ts';
import { CADENCES } from './draft.ts';

function describeTogether(together: number): string {
  return together === 1
    ? 'Every name by itself, if so few are left.'
    : `${groupDigits(together)} or more names of a group. Where fewer are left, they are destroyed.`;
}

/** As the form has it; a draft from elsewhere may have any other. */
function nameCadence(seconds: number): string {
  return CADENCES.find((cadence) => cadence.seconds === seconds)?.words ?? describeCadence(seconds);
}

/** The terms in words, the times in the reader's own zone: all of what is hashed but the text. */
export function StatementTerms({ context }: { context: StatementContext }) {
  const { statement, rolls, sizes } = context;
  const { threshold, trustees } = statement.committee;
  const slack = describeAtMost(statement.mergeDelay + statement.clockSkew);
  return (
    <FactList
      facts={[
        ...(statement.revises
          ? [
              {
                term: 'Claims to revise',
                value: <KeyFingerprint hex={statement.revises} whose="Hash of the statement that it claims to revise" />,
              },
            ]
          : []),
        { term: 'Who may sign', value: <GroupRolls rolls={rolls} /> },
        {
          term: 'The names open once',
          value: (
            <Stack>
              <Condition trigger={statement.trigger} nameOf={nameGroupsBy(rolls)} />
              {partsOf(statement.trigger).length > 0 && <ConditionDiagram trigger={statement.trigger} nameOf={nameGroupsBy(rolls)} />}
            </Stack>
          ),
        },
        { term: 'Fewest people', value: groupDigits(Math.max(leastSignatures(statement.trigger, sizes), statement.together)) },
        { term: 'Open at a time', value: describeTogether(statement.together) },
        { term: 'Trustees ready by', value: <Time at={statement.openBy} /> },
        {
          term: 'Deadline',
          value: (
            <>
              <Time at={statement.deadline} />.{' '}
              <span>{`A site that breaks the rules could still slip signatures in for another ${slack}.`}</span>
            </>
          ),
        },
        { term: 'Shares destroyed at', value: <Time at={destructionTime(statement)} /> },
        { term: 'Signatures appear', value: nameCadence(statement.cadence) },
        {
          term: 'Trustees',
          value: (
            <>
              <span>{`any ${threshold} of `}</span>
              <NamesInLine names={trustees.map((trustee) => trustee.name)} />
            </>
          ),
        },
      ]}
    />
  );
}
