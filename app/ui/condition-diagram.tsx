import { groupDigits } from '#lib/protocol/messages/count-of.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { type Counts, countTogether, isTriggerMet, type Trigger, totalOf, weighSignatures } from '#lib/protocol/statement/trigger.ts';
import { partsOf } from '#lib/signing/trigger-parts.ts';
import css from './condition-diagram.module.css';
import { PersonName } from './person-name.tsx';

interface ConditionDiagramProps {
  trigger: Trigger;
  /** Gives a group's name. */
  nameOf: (group: Hex32) => string;
  /** Signatures by group, where it is to show how far each part is. */
  counts?: Counts | undefined;
  /** How many of a group open at a time: fewer of it meet nothing. */
  together?: number;
}

/** A condition as a small diagram: brackets around what belongs together. A list to whoever does not see it. */
export function ConditionDiagram(props: ConditionDiagramProps) {
  return (
    <div className={css.root} translate="no">
      <Part {...props} />
    </div>
  );
}

function Part({ trigger, ...rest }: ConditionDiagramProps) {
  const parts = partsOf(trigger);
  if (parts.length === 0) return <Leaf trigger={trigger} {...rest} />;
  return (
    <div className={css.list}>
      <span className={holds({ trigger, ...rest }) ? `${css.join} ${css.met}` : css.join}>{nameJoin(trigger)}</span>
      <ul className={css.parts}>
        {parts.map((part, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a part is nothing but its place
          <li key={i}>
            <Part trigger={part} {...rest} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function nameJoin(trigger: Trigger): string {
  const { length } = partsOf(trigger);
  if ('of' in trigger) return `at least ${trigger.atLeast} of ${length}`;
  if (length === 1) return 'this';
  return 'all' in trigger ? `all ${length}` : `any of ${length}`;
}

function holds({ trigger, counts, together = 1 }: ConditionDiagramProps): boolean {
  return counts !== undefined && isTriggerMet(trigger, countTogether(counts, together));
}

function Leaf(props: ConditionDiagramProps) {
  const { trigger, nameOf, counts } = props;
  return (
    <p className={holds(props) ? `${css.leaf} ${css.held}` : css.leaf}>
      <Asked trigger={trigger} nameOf={nameOf} />
      {counts && <span>{` · ${groupDigits(reached(trigger, counts))} so far`}</span>}
    </p>
  );
}

function Asked({ trigger, nameOf }: Omit<ConditionDiagramProps, 'counts'>) {
  if ('weights' in trigger)
    return (
      <>
        <span>{`weight ${groupDigits(trigger.total)}: `}</span>
        {Object.entries(trigger.weights).map(([group, weight], i) => (
          <span key={group}>
            <PersonName name={nameOf(group)} />{' '}
            <span>{`× ${groupDigits(weight)}${i < Object.keys(trigger.weights).length - 1 ? ', ' : ''}`}</span>
          </span>
        ))}
      </>
    );
  if (!('count' in trigger)) return null;
  if (!('group' in trigger)) return <span>{`${groupDigits(trigger.count)} of anybody`}</span>;
  return (
    <>
      <span>{`${groupDigits(trigger.count)} of `}</span>
      <PersonName name={nameOf(trigger.group)} />
    </>
  );
}

/** How far the counts have come towards what a part asks for. */
function reached(trigger: Trigger, counts: Counts): number {
  if ('weights' in trigger) return weighSignatures(trigger.weights, counts);
  return 'group' in trigger ? (counts.get(trigger.group) ?? 0) : totalOf(counts);
}
