'use client';

import { describeAhead } from '#app/ui/clock-notice.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { Time } from '#app/ui/time.tsx';
import { isNotable } from '#lib/signing/clock.ts';
import type { ReceiptFinding } from './use-receipt-status.ts';

/** What became of a receipt, in words. */
export function ReceiptStatusText({ finding }: { finding: ReceiptFinding }) {
  if (finding.at === 'looking')
    return (
      <p key="looking" role="status">
        Looking for your signature on the board …
      </p>
    );
  if (finding.at === 'failed')
    return <Notice kind="warning" live title={finding.text} lost="Your receipt stays valid." todo="This page tries again by itself." />;
  const { status } = finding;
  if (status.status === 'published')
    return (
      <Notice kind="info" live title={`Your signature is on the board, in checkpoint ${status.checkpoint}.`}>
        <p>
          Published on <Time at={status.time} />, for everybody to count.
        </p>
      </Notice>
    );
  if (status.status === 'waiting')
    return (
      <p key="waiting" role="status">
        Not on the board yet. By <Time at={status.publishBy} /> at the latest it has to be there; this page keeps looking.
      </p>
    );
  if (isNotable(finding.ahead))
    return (
      <Notice
        kind="warning"
        live
        title="By the clock of this device, the site has not kept its promise."
        todo="Compare the clock with another one before you accuse anybody. If it is right, show the receipt to the trustees and to the public."
      >
        <p>
          Your signature should have been on the board by <Time at={status.publishBy} />, and it is not. {describeAhead(finding.ahead)}
        </p>
      </Notice>
    );
  return (
    <Notice
      kind="error"
      live
      title="The site has not kept its promise."
      todo="Show the receipt to the trustees and to the public: it is signed with the site’s own key, and proves it."
    >
      <p>
        Your signature should have been on the board by <Time at={status.publishBy} />, and it is not.
      </p>
    </Notice>
  );
}
