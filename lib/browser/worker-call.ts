import 'client-only';

/** What a worker of ours answers: any number of reports, then a result or the reason why there is none. */
export type WorkerAnswer<Report, Result> =
  | { type: 'report'; report: Report }
  | { type: 'result'; result: Result }
  | { type: 'failed'; message: string };

export type WorkerLimits<Report> = {
  /** Ends the worker at once, in the middle of whatever it does. */
  signal?: AbortSignal | undefined;
  timeoutMs: number;
  onReport?: ((report: Report) => void) | undefined;
};

/**
 * Hands a worker one request and waits for its result.
 * A worker that a content policy keeps from working may simply stay silent, hence the time limit.
 * @throws the reason of `signal`, a TimeoutError, or the worker's Error; the caller must then terminate the worker
 */
export function callWorker<Request, Report, Result>(worker: Worker, request: Request, limits: WorkerLimits<Report>): Promise<Result> {
  const { signal, timeoutMs, onReport } = limits;
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const onMessage = ({ data }: MessageEvent<WorkerAnswer<Report, Result>>) => {
    if (data.type === 'report') onReport?.(data.report);
    else if (data.type === 'result') resolve(data.result);
    else reject(new Error(data.message));
  };
  const onError = (event: Event) =>
    reject(new Error(event instanceof ErrorEvent && event.message ? event.message : 'The worker did not start.'));
  const onAbort = () => reject(signal?.reason);
  const timer = setTimeout(() => reject(new DOMException(`not done within ${timeoutMs} ms`, 'TimeoutError')), timeoutMs);
  worker.addEventListener('message', onMessage);
  worker.addEventListener('error', onError);
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort();
  else worker.postMessage(request);
  return promise.finally(() => {
    clearTimeout(timer);
    worker.removeEventListener('message', onMessage);
    worker.removeEventListener('error', onError);
    signal?.removeEventListener('abort', onAbort);
  });
}

/** The worker's side: answers each request with what `work` makes of it. */
export function serveWorker<Request, Report, Result>(work: (request: Request, report: (report: Report) => void) => Promise<Result>): void {
  const answer = (message: WorkerAnswer<Report, Result>) => postMessage(message);
  addEventListener('message', ({ data }: MessageEvent<Request>) => {
    work(data, (report) => answer({ type: 'report', report })).then(
      (result) => answer({ type: 'result', result }),
      (error: unknown) => answer({ type: 'failed', message: error instanceof Error ? error.message : String(error) }),
    );
  });
}
