'use client';

import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { quorumOf } from '#lib/protocol/statement/statement.ts';
import { Checkbox, Fieldset, Select } from '../ui/field.tsx';
import { PersonName } from '../ui/person-name.tsx';
import { mostNeeded, suggestThreshold } from './draft.ts';
import css from './new.module.css';
import type { DraftFieldsProps } from './part-props.ts';

/** Which trustees hold the key together, and how many of them open it. */
export function CommitteeFields({ draft, change, problemOf, platform }: DraftFieldsProps) {
  const chosen = draft.trustees.length;
  function toggle(key: Hex32, on: boolean) {
    const trustees = on ? [...draft.trustees, key] : draft.trustees.filter((other) => other !== key);
    change({ trustees, threshold: suggestThreshold(trustees.length) });
  }

  return (
    <div className={css.part}>
      <Fieldset
        legend="Trustees"
        hint="Four or more independent parties. Each holds a share of the key that is made for this statement alone, and no share is of use by itself. One after the other they mix the names before they open them."
        error={problemOf('committee')}
      >
        {platform.trustees.map((trustee) => (
          <Checkbox
            key={trustee.key}
            name="trustee"
            checked={draft.trustees.includes(trustee.key)}
            onChange={(event) => toggle(trustee.key, event.target.checked)}
            label={<PersonName name={trustee.name} />}
            hint={<PersonName name={trustee.contact} />}
          />
        ))}
        {platform.trustees.length === 0 && <p>Whoever runs this site has not named any trustees yet, so no statement can be opened.</p>}
      </Fieldset>
      {mostNeeded(chosen) >= 2 && (
        <Select
          label="How many of them open the names"
          hint={describeThreshold(draft.threshold, chosen)}
          value={draft.threshold}
          onChange={(event) => change({ threshold: Number(event.target.value) })}
        >
          {Array.from({ length: mostNeeded(chosen) - 1 }, (_, i) => i + 2).map((threshold) => (
            <option key={threshold} value={threshold}>
              {`${threshold} of ${chosen}`}
            </option>
          ))}
        </Select>
      )}
    </div>
  );
}

/** What a threshold means in both directions, and why it cannot be higher. */
function describeThreshold(threshold: number, trustees: number): string {
  const spare = trustees - quorumOf({ committee: { threshold, trustees: { length: trustees } } });
  const next = 3 * (mostNeeded(trustees) + 1) - 2;
  return (
    `Any ${threshold} could also open names early, and tell who signed when, if they broke their word together. ` +
    `Up to ${spare} may fall silent and the names still open. To need more of them, choose ${next} or more: three times as many, less two.`
  );
}
