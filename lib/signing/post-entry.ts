import { ApiError } from '#lib/api/api-error.ts';
import type { Api } from '#lib/api/client.ts';
import type { CallOptions } from '#lib/api/request.ts';
import { checkReceipt, type Receipt } from '#lib/protocol/board/board.ts';
import { type Entry, entryHash } from '#lib/protocol/board/signature.ts';
import { type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';

const PAUSES_SECONDS = [1, 2, 4, 8];

/**
 * Hands an entry in and checks the receipt. While the platform is busy or out of reach it is asked again; the same entry
 * always gets the same receipt, so nothing is lost and nothing counted twice.
 * @returns the receipt; the platform's refusal under its code (ALREADY_SIGNED, STATEMENT_CLOSED …); BAD_RECEIPT for one that
 *   the platform of the statement did not sign, when the entry may or may not be on its way to the board
 * @throws the reason of `options.signal`
 */
export async function postEntry(
  api: Pick<Api, 'postSignature'>,
  context: StatementContext,
  entry: Entry,
  options: CallOptions = {},
): Promise<Checked<Receipt>> {
  for (let attempt = 0; ; attempt++) {
    try {
      return checkReceipt(context, entryHash(entry), await api.postSignature(context.id, entry, options));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const pause = PAUSES_SECONDS[attempt];
      if (pause === undefined || !ApiError.is(error, 'NETWORK', 'TIMED_OUT')) return refuse(error.code, error.message);
      options.onWait?.(pause);
      await pauseFor(pause, options.signal);
    }
  }
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
