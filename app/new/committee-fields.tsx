'use client';

import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { Checkbox, Fieldset, Select } from '../ui/field.tsx';
import { PersonName } from '../ui/person-name.tsx';
import { suggestThreshold } from './draft.ts';
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
        hint="Independent parties. Each holds a share of the key that is made for this statement alone, and no share is of use by itself."
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
      {chosen >= 2 && (
        <Select
          label="How many of them open the names"
          hint={describeThreshold(draft.threshold, chosen)}
          value={draft.threshold}
          onChange={(event) => change({ threshold: Number(event.target.value) })}
        >
          {Array.from({ length: chosen - 1 }, (_, i) => i + 2).map((threshold) => (
            <option key={threshold} value={threshold}>
              {threshold} of {chosen}
            </option>
          ))}
        </Select>
      )}
    </div>
  );
}

/** What a threshold means in both directions. */
function describeThreshold(threshold: number, trustees: number): string {
  const spare = trustees - threshold;
  const silent =
    spare === 0 ? 'If a single one falls silent, nothing can ever be opened.' : `Up to ${spare} may fall silent and the names still open.`;
  return `Any ${threshold} could also open names early if they broke their word together. ${silent}`;
}
