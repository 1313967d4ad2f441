import Link from 'next/link';
import type { ReactNode } from 'react';
import type { Decision } from '#lib/api/shapes.ts';
import { Notice } from './notice.tsx';
import { Time } from './time.tsx';

interface HiddenNoticeProps {
  decision: Pick<Decision, 'kind' | 'action' | 'reason' | 'day'>;
  /** How the operator is reached; null where nobody said. */
  contact: string | null;
  /** What goes on all the same. */
  todo?: ReactNode;
  action?: ReactNode;
}

/** In place of what the operator has hidden: that it was, why, when, and where all of that is listed. */
export function HiddenNotice({ decision: { kind, action, reason, day }, contact, todo, action: button }: HiddenNoticeProps) {
  return (
    <Notice
      kind="warning"
      title={`Whoever runs this site ${action === 'refuse' ? 'refuses' : 'has hidden'} this ${kind}.`}
      todo={todo}
      action={button}
    >
      <p>
        <span>Reason: </span>
        <bdi translate="no">{reason}</bdi>
      </p>
      <p>
        <span>Decided on </span>
        <Time at={day} detail="day" />.{' '}
        <Link href="/moderation" prefetch={false}>
          Everything that was hidden here
        </Link>
      </p>
      {contact && (
        <p>
          <span>To object, write to </span>
          <bdi translate="no">{contact}</bdi>.
        </p>
      )}
    </Notice>
  );
}
