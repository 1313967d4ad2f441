'use client';

import { TextInput } from '#app/ui/field.tsx';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { describeMinimum, MINIMUM_SEEN, readMinimum } from '#lib/signing/minimum.ts';
import css from './sign.module.css';

interface MinimumFieldProps {
  context: StatementContext;
  typed: string;
  onType: (typed: string) => void;
}

/** A signer's own condition: to be named only among at least so many. Folded, because most need none. */
export function MinimumField({ context, typed, onType }: MinimumFieldProps) {
  const read = readMinimum(typed, context);
  return (
    <details className={css.details}>
      <summary>Wait for more people than the condition asks for</summary>
      <div className={css.minimum}>
        <TextInput
          label="Open my name only among at least so many people, me included"
          hint="Empty: as soon as the condition is met."
          name="minimum"
          inputMode="numeric"
          autoComplete="off"
          size={8}
          value={typed}
          onChange={(event) => onType(event.target.value)}
          error={read.ok ? undefined : read.detail}
        />
        <p role="status">{read.ok && read.value !== undefined && describeMinimum(read.value, context)}</p>
        <p>
          For example: you write 20, and 15 people have signed, you among them, when the condition is met. The other 14 names open, if they
          meet it without yours; yours stays sealed. Then five more sign: 20 can be named, and your name opens together with theirs. If they
          never come, nobody ever reads it.
        </p>
        <p>{MINIMUM_SEEN}</p>
      </div>
    </details>
  );
}
