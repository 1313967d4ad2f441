'use client';

import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { waveWarnings } from '#lib/signing/warnings.ts';
import { TextInput } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import css from './new.module.css';
import type { DraftFieldsProps } from './part-props.ts';
import { readConditions } from './read-conditions.ts';

interface TogetherFieldProps extends DraftFieldsProps {
  /** The rolls of the chosen groups that have arrived. */
  headers: readonly RollHeader[];
}

/** How many names of a group open at a time: what nobody among them can be told apart from. */
export function TogetherField({ draft, change, problemOf, headers }: TogetherFieldProps) {
  const read = readConditions(draft, headers);
  const suggested = draft.together === '' && read.ok ? String(read.value.together) : '';
  return (
    <div className={css.part}>
      <TextInput
        label="Names of a group that open at a time, at least"
        hint="The trustees mix them first, so that nobody can tell which signature was whose. Where fewer than this are left of a group, they are never opened and destroyed in the end."
        name="together"
        inputMode="numeric"
        autoComplete="off"
        size={8}
        value={draft.together || suggested}
        onChange={(event) => change({ together: event.target.value })}
        error={problemOf('together')}
      />
      <div role="status">
        {read.ok &&
          waveWarnings(read.value.together, headers).map((warning) => <Notice key={warning.text} kind="warning" title={warning.text} />)}
      </div>
    </div>
  );
}
