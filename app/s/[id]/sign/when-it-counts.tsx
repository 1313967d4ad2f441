'use client';

import { Notice } from '#app/ui/notice.tsx';
import { Time } from '#app/ui/time.tsx';
import { describeCadence } from '#app/ui/time-words.ts';
import type { Statement } from '#lib/protocol/statement/statement.ts';
import { isInTime } from '#lib/signing/check-receipt.ts';
import type { Listing } from '#lib/signing/read-board.ts';

interface WhenItCountsProps {
  statement: Pick<Statement, 'cadence' | 'deadline' | 'together'>;
  /** The first checkpoint with enough signatures, if there is one. */
  covering: Listing | null;
}

/** Before a withdrawal is handed in: from when it counts, and until when it is in time. */
export function WhenItCounts({ statement: { cadence, deadline, together }, covering }: WhenItCountsProps) {
  if (covering)
    return (
      <Notice kind="warning" title={`Counted by what is public, enough had signed in checkpoint ${covering.checkpoint}.`}>
        <p>
          <span>It was published on </span>
          <Time at={covering.time} />. A signature that opens with it could be taken back until then, and no longer.
        </p>
        <p>
          {`One that does not open with it can still be taken back. Nobody sees who waits for more people: those are not counted until enough come, nor is a group of which fewer than ${together} are left.`}
        </p>
      </Notice>
    );
  return (
    <Notice kind="info" title="It counts from the checkpoint that lists it.">
      <p>
        <span>{`${describeCadence(cadence)} It is in time if no checkpoint before that one has met the condition; in the same one, `}</span>
        withdrawals are counted before anything opens. So far no checkpoint has met it.
      </p>
      <p>
        The last moment to hand it in is the deadline, <Time at={deadline} />.
      </p>
    </Notice>
  );
}

/** Once a withdrawal stands on the board: whether it was in time, and until when it would have been. */
export function WasItInTime({ listing, covering }: { listing: Listing; covering: Listing | null }) {
  if (isInTime(listing, covering))
    return <p key="in-time">It was in time: no checkpoint before that one had met the condition. Your signature counts no more.</p>;
  return (
    <p key="late">
      <span>{`Counted by what is public, checkpoint ${covering?.checkpoint} had met the condition before, on `}</span>
      <Time at={covering?.time ?? 0} />
      <span>: until then it would certainly have been in time. If your signature was among those that open with it, </span>
      your name opens; if it was not, your signature counts no more.
    </p>
  );
}
