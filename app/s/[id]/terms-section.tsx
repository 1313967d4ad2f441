import { Condition } from '#app/ui/condition.tsx';
import { ConditionDiagram } from '#app/ui/condition-diagram.tsx';
import { Countdown } from '#app/ui/countdown.tsx';
import { Section } from '#app/ui/page-parts.tsx';
import { StepList } from '#app/ui/steps.tsx';
import { Time } from '#app/ui/time.tsx';
import { describeCadence, describeDuration } from '#app/ui/time-words.ts';
import { nameGroupsBy } from '#lib/protocol/member/name-groups.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import type { StatementView } from '#lib/server/statements/get-view.ts';
import { partsOf } from '#lib/signing/trigger-parts.ts';
import { WaveList } from './wave-list.tsx';
import { WhoOpened } from './who-opened.tsx';

/** When the names open, until when, and what happens at the deadline. */
export function TermsSection({ view }: { view: StatementView }) {
  const { statement, now, state } = view;
  const { threshold, trustees } = statement.committee;
  const end = destructionTime(statement);
  return (
    <Section title="The terms">
      <p>
        The names open once <Condition trigger={statement.trigger} nameOf={nameGroupsBy(view.context.rolls)} />.
      </p>
      <WhoOpened view={view} />
      {partsOf(statement.trigger).length > 0 && (
        <ConditionDiagram
          trigger={statement.trigger}
          nameOf={nameGroupsBy(view.context.rolls)}
          counts={state === 'open' ? new Map(Object.entries(view.counts)) : undefined}
          together={statement.together}
        />
      )}
      <StepList
        current={currentStep(view)}
        steps={[
          {
            key: 'sign',
            title: 'Members sign',
            text: (
              <>
                <span>Until </span>
                <Time at={statement.deadline} />
                {state === 'open' && (
                  <span>
                    {' '}
                    (<Countdown until={statement.deadline} now={now} />)
                  </span>
                )}
                <span>{`. ${describeCadence(statement.cadence)}`}</span>
              </>
            ),
          },
          ...(state === 'destroyed'
            ? []
            : [
                {
                  key: 'open',
                  title: 'The condition is met: the names appear',
                  text: `${threshold} of the ${trustees.length} trustees mix the names at once and open them together. That is final.`,
                },
              ]),
          {
            key: 'destroy',
            title: state === 'revealed' || state === 'unopened' ? 'The key is destroyed' : 'It is not met in time: the key is destroyed',
            text: (
              <>
                At <Time at={end} />
                <span>{`, ${describeDuration(statement.grace)} after the deadline, each trustee destroys its share. `}</span>
                What was not opened by then never is. That they do so is their signed word; nobody can prove it.
              </>
            ),
          },
        ]}
      />
      {view.waves.length > 0 && <WaveList waves={view.waves.map(({ number, size, checkpoint }) => ({ number, size, checkpoint }))} />}
    </Section>
  );
}

function currentStep(view: StatementView): number | undefined {
  switch (view.state) {
    case 'open':
      return view.waves.length > 0 ? 1 : 0;
    case 'closed':
    case 'revealed':
      return 1;
    case 'destroyed': // the second step never came
      return 1;
    case 'unopened':
    case 'unvouched':
      return 2;
    case 'keying':
    case 'aborted':
      return undefined;
  }
}
