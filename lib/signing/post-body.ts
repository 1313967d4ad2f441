import { ApiError } from '#lib/api/api-error.ts';
import type { Api } from '#lib/api/client.ts';
import type { CallOptions } from '#lib/api/request.ts';
import { type Body, listedHash } from '#lib/protocol/board/listed.ts';
import { checkKeptReceipt, checkReceipt, type Receipt, type Receipted } from '#lib/protocol/board/receipt.ts';
import { entryHash } from '#lib/protocol/board/signature.ts';
import { type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';

const PAUSES_SECONDS = [1, 2, 4, 8];

/** What the receipt of a body has to name. SPEC §9.2. */
export function receiptedBy({ entry, salt }: Body): Receipted {
  const hash = entryHash(entry);
  return { entry: hash, listed: listedHash(hash, salt), action: entry.said.action };
}

/**
 * Hands an entry and its listing salt in, and checks the receipt against both and this device's clock. While the platform is busy or
 * out of reach it is asked again; the same body always gets the same receipt, so nothing is lost and nothing counted twice.
 * @param now Unix seconds by this device's clock
 * @returns the receipt; the platform's refusal under its code (ALREADY_SIGNED, STATEMENT_CLOSED …); BAD_RECEIPT for one that
 *   the platform of the statement did not sign or that is for something else, RECEIPT_LATE for one that promises a later time than
 *   the statement allows by this clock. In both cases the entry may or may not be on its way to the board.
 * @throws the reason of `options.signal`
 */
export async function postBody(
  api: Pick<Api, 'postSignature'>,
  context: StatementContext,
  body: Body,
  now: () => number,
  options: CallOptions = {},
): Promise<Checked<Receipt>> {
  for (let attempt = 0; ; attempt++) {
    try {
      return judgeReceipt(context, receiptedBy(body), await api.postSignature(context.id, body, options), now());
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const pause = PAUSES_SECONDS[attempt];
      if (pause === undefined || !ApiError.is(error, 'NETWORK', 'TIMED_OUT')) return refuse(error.code, error.message);
      options.onWait?.(pause);
      await pauseFor(pause, options.signal);
    }
  }
}

/** A receipt that is right but for its time may be the fault of a clock that is set wrong here: that is told apart. */
function judgeReceipt(context: StatementContext, of: Receipted, receipt: Receipt, now: number) {
  const checked = checkReceipt(context, of, receipt, Math.floor(now));
  if (checked.ok || !checkKeptReceipt(context, of, receipt).ok) return checked;
  return refuse('RECEIPT_LATE', checked.detail);
}

function pauseFor(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onAbort = () => reject(signal?.reason);
  const timer = setTimeout(resolve, seconds * 1000);
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort();
  return promise.finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  });
}
