/**
 * Gives up waiting after a time or when a signal says so. What was started goes on in its thread: that is for whoever owns
 * the thread to end.
 *
 * @throws DOMException `TimeoutError`, or the signal's reason
 */
export async function withTimeLimit<T>(work: Promise<T>, timeoutMs: number, signal?: AbortSignal): Promise<T> {
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal?.reason);
  const timer = setTimeout(() => reject(new DOMException(`not done within ${timeoutMs} ms`, 'TimeoutError')), timeoutMs);
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort();
  try {
    return await Promise.race([work, stopped]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}
