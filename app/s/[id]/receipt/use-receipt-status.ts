'use client';

import { useReading } from '#app/ui/use-reading.ts';
import { ApiError } from '#lib/api/api-error.ts';
import { anonymousApi } from '#lib/browser/anonymous-api.ts';
import { askClockAhead, ownTime } from '#lib/browser/platform-clock.ts';
import type { Receipt } from '#lib/protocol/board/receipt.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { checkOnBoard, type ReceiptStatus } from '#lib/signing/check-receipt.ts';

export type ReceiptFinding =
  | { at: 'looking' }
  /** `ahead`: by how many seconds this device's clock, which judges the platform here, is ahead of the platform's. */
  | { at: 'found'; status: ReceiptStatus; ahead: number }
  | { at: 'failed'; text: string };

const FIRST_MS = 2500;
const LONGEST_MS = 60_000;

/** Looks for a receipt's entry on the whole board, again and again until it is there for good: ever less often, as the cadence may be hours. */
export function useReceiptStatus(context: StatementContext, key: Keyed, receipt: Receipt): ReceiptFinding {
  const { value } = useReading((signal) => findReceipt(context, key, receipt, signal), [context, key, receipt], pauseUntilPublished);
  return value ?? { at: 'looking' };
}

function pauseUntilPublished(finding: ReceiptFinding, times: number): number | null {
  if (finding.at === 'found' && finding.status.status === 'published') return null;
  return Math.min(LONGEST_MS, FIRST_MS * 1.3 ** times);
}

async function findReceipt(context: StatementContext, key: Keyed, receipt: Receipt, signal: AbortSignal): Promise<ReceiptFinding> {
  try {
    const checked = await checkOnBoard(anonymousApi, context, key, receipt, Math.floor(ownTime()), { signal });
    if (checked.ok) return { at: 'found', status: checked.value, ahead: checked.value.status === 'late' ? await askClockAhead() : 0 };
    return { at: 'failed', text: `The board that the site gave out does not hold together${checked.detail ? `: ${checked.detail}` : ''}.` };
  } catch (error) {
    return { at: 'failed', text: error instanceof ApiError ? error.message : 'The board could not be read.' };
  }
}
