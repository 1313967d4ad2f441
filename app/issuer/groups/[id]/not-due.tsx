import { ConfirmDialog } from '#app/ui/confirm-dialog.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { Time } from '#app/ui/time.tsx';
import { countOf } from '#lib/protocol/messages/count-of.ts';

interface NotDueProps {
  /** When the next roll is to come out, Unix seconds. */
  due: number;
  /** Who has accepted and stands in no roll. */
  waiting: number;
  number: number;
  isBusy: boolean;
  onPrepare: () => void;
}

/** Until the turn of the schedule the replies are kept here; what cannot wait is published all the same, by a press of its own. */
export function NotDue({ due, waiting, number, isBusy, onPrepare }: NotDueProps) {
  return (
    <Notice
      kind="info"
      title={
        <>
          <span>{`Roll ${number} is due on `}</span>
          <Time at={due} />.
        </>
      }
      todo="Come back then: this page does not publish by itself, because it needs your key. All who have accepted by then appear at once."
      action={
        isBusy ? undefined : (
          <ConfirmDialog
            trigger="Publish before that"
            triggerKind="link"
            title="Publish before the turn?"
            confirm="Prepare the roll"
            onConfirm={onPrepare}
          >
            <p>
              Whoever looks at the rolls then sees when these people joined, and may guess who they are. Do it where somebody has to be put
              out at once.
            </p>
          </ConfirmDialog>
        )
      }
    >
      <p>
        {waiting === 0
          ? 'No reply waits.'
          : `${countOf(waiting, 'reply is', 'replies are')} kept in this browser until then, so that the roll does not tell the day of a new member.`}
      </p>
    </Notice>
  );
}
