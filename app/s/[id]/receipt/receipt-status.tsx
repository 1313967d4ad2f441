'use client';

import { Notice } from '#app/ui/notice.tsx';
import { Time } from '#app/ui/time.tsx';
import { describeAhead } from '#app/ui/time-words.ts';
import type { Said } from '#lib/protocol/board/signature.ts';
import type { ReceiptStatus } from '#lib/signing/check-receipt.ts';
import { isNotable } from '#lib/signing/clock.ts';
import { WasItInTime } from '../sign/when-it-counts.tsx';
import type { ReceiptFinding } from './use-receipt-status.ts';

const WHAT: Record<Said['action'], string> = { sign: 'signature', withdraw: 'withdrawal' };

/** What became of a receipt, in words. */
export function ReceiptStatusText({ finding, action }: { finding: ReceiptFinding; action: Said['action'] }) {
  const what = WHAT[action];
  if (finding.at === 'looking') return <p key="looking" role="status">{`Looking for your ${what} on the board …`}</p>;
  if (finding.at === 'failed')
    return <Notice kind="warning" live title={finding.text} lost="Your receipt stays valid." todo="This page tries again by itself." />;
  const { status } = finding;
  switch (status.status) {
    case 'published':
      return <Published what={what} status={status} action={action} />;
    case 'shown':
      return (
        <p key="shown" role="status">
          {`Shown by this site in checkpoint ${status.listing.checkpoint}, not yet vouched for. It is on the board once enough trustees have signed for it; this page keeps looking.`}
        </p>
      );
    case 'waiting':
      return (
        <p key="waiting" role="status">
          Not on the board yet. By <Time at={status.publishBy} /> at the latest it has to be there; this page keeps looking.
        </p>
      );
    case 'late':
      return <Late what={what} status={status} ahead={finding.ahead} />;
  }
}

interface PublishedProps {
  what: string;
  status: Extract<ReceiptStatus, { status: 'published' }>;
  action: Said['action'];
}

function Published({ what, status, action }: PublishedProps) {
  const { checkpoint, time } = status.listing;
  return (
    <Notice kind={status.kept ? 'info' : 'warning'} live title={`Your ${what} is on the board, in checkpoint ${checkpoint}.`}>
      <p>
        Published on <Time at={time} />, and the trustees vouch for it.
      </p>
      {action === 'withdraw' && <WasItInTime listing={status.listing} covering={status.covering} />}
      {!status.kept && (
        <p>
          That was later than the site had promised, <Time at={status.publishBy} />: your receipt shows it.
        </p>
      )}
    </Notice>
  );
}

const NOT_VOUCHED = '. The site shows it, but the trustees do not vouch for that.';

interface LateProps {
  what: string;
  status: Extract<ReceiptStatus, { status: 'late' }>;
  ahead: number;
}

/** The promise is broken, by this device's clock: told with care where that clock may be the one that is wrong. */
function Late({ what, status, ahead }: LateProps) {
  const isOurs = isNotable(ahead);
  return (
    <Notice
      kind={isOurs ? 'warning' : 'error'}
      live
      title={isOurs ? 'By the clock of this device, the site has not kept its promise.' : 'The site has not kept its promise.'}
      todo={
        isOurs
          ? 'Compare the clock with another one before you accuse anybody. If it is right, show the receipt to the trustees and to the public.'
          : 'Show the receipt to the trustees and to the public: it is signed with the site’s own key, and proves it.'
      }
    >
      <p>
        <span>{`Your ${what} should have been on the board by `}</span>
        <Time at={status.publishBy} />
        <span>{`${status.listing ? NOT_VOUCHED : ', and it is not.'}${isOurs ? ` ${describeAhead(ahead)}` : ''}`}</span>
      </p>
    </Notice>
  );
}
