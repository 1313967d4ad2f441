'use client';

import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import type { Statement } from '#lib/protocol/statement/statement.ts';
import { describeTextsLeft } from '#lib/signing/further-texts.ts';
import { Checkbox } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import type { Draft } from './draft.ts';
import type { DraftFieldsProps } from './part-props.ts';
import { draftOf } from './trigger-draft.ts';

/** A statement that the author begins from. */
export interface Revised {
  id: Hex32;
  statement: Statement;
}

/** What a new draft takes over from an older statement: text and condition, and the claim to revise it. Times are new. */
export function takeUp({ id, statement: { text, trigger } }: Revised): Partial<Draft> {
  const [original] = text;
  return {
    revises: id,
    ...(original ? { title: original.title, body: original.body, language: original.language } : {}),
    ...('count' in trigger && !('group' in trigger)
      ? { triggerKind: 'total', total: String(trigger.count) }
      : { triggerKind: 'built', built: draftOf(trigger) }),
  };
}

/** Whether the new statement claims the older one, and what that shows and does not. */
export function RevisionField({ draft, change, revised }: DraftFieldsProps & { revised: Revised }) {
  const [original, ...further] = revised.statement.text;
  const title = original?.title ?? '';
  return (
    <Notice kind="info" title={`You begin with the text and the condition of ${quote(title)}.`} todo={describeTextsLeft(further.length)}>
      <Checkbox
        label="Claim to revise it"
        hint="The new statement then names the earlier one for good, and its page shows how the two differ. The earlier page says nothing of it. Nobody is shown to be the author of either."
        checked={draft.revises !== null}
        onChange={(event) => change({ revises: event.target.checked ? revised.id : null })}
      />
    </Notice>
  );
}
