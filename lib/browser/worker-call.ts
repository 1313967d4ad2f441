import 'client-only';

/** What a worker of ours answers: any number of reports, then a result or the reason why there is none. */
type WorkerAnswer<Report, Result> =
  | { type: 'report'; report: Report }
  | { type: 'result'; result: Result }
  | { type: 'failed'; message: string };

/** Ties answers to requests: a worker may be asked for the next thing while it is still at the one before. */
type Numbered<Message> = { call: number; message: Message };

/** A worker, or the port to one. */
type Channel = Pick<Worker, 'postMessage' | 'addEventListener' | 'removeEventListener'> | MessagePort;

let calls = 0;

export type WorkerLimits<Report> = {
  /** Ends the worker at once, in the middle of whatever it does. */
  signal?: AbortSignal | undefined;
  timeoutMs: number;
  /** What the request holds that is handed over and not copied. */
  transfer?: Transferable[];
  onReport?: ((report: Report) => void) | undefined;
};

/**
 * Hands a worker one request and waits for its result.
 * A worker that a content policy keeps from working may simply stay silent, hence the time limit.
 * @throws the reason of `signal`, a TimeoutError, or the worker's Error; the caller must then terminate the worker
 */
export function callWorker<Request, Report, Result>(worker: Channel, request: Request, limits: WorkerLimits<Report>): Promise<Result> {
  const { signal, timeoutMs, onReport, transfer = [] } = limits;
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const call = ++calls;
  const onMessage = (event: Event) => {
    const { data } = event as MessageEvent<Numbered<WorkerAnswer<Report, Result>>>;
    if (data.call !== call) return;
    const { message } = data;
    if (message.type === 'report') onReport?.(message.report);
    else if (message.type === 'result') resolve(message.result);
    else reject(new Error(message.message));
  };
  const onError = (event: Event) =>
    reject(new Error(event instanceof ErrorEvent && event.message ? event.message : 'The worker did not start.'));
  const onAbort = () => reject(signal?.reason);
  const timer = setTimeout(() => reject(new DOMException(`not done within ${timeoutMs} ms`, 'TimeoutError')), timeoutMs);
  worker.addEventListener('message', onMessage);
  worker.addEventListener('error', onError);
  signal?.addEventListener('abort', onAbort, { once: true });
  if (worker instanceof MessagePort) worker.start();
  if (signal?.aborted) onAbort();
  else worker.postMessage({ call, message: request } satisfies Numbered<Request>, transfer);
  return promise.finally(() => {
    clearTimeout(timer);
    worker.removeEventListener('message', onMessage);
    worker.removeEventListener('error', onError);
    signal?.removeEventListener('abort', onAbort);
  });
}

/** The worker's side: answers each request with what `work` makes of it, to whoever started the worker or over a port. */
export function serveWorker<Request, Report, Result>(
  work: (request: Request, report: (report: Report) => void) => Promise<Result>,
  port?: MessagePort,
): void {
  const channel = port ?? globalThis;
  const onMessage = (event: Event) => {
    const { call, message } = (event as MessageEvent<Numbered<Request>>).data;
    const answer = (message: WorkerAnswer<Report, Result>) =>
      channel.postMessage({ call, message } satisfies Numbered<WorkerAnswer<Report, Result>>);
    work(message, (report) => answer({ type: 'report', report })).then(
      (result) => answer({ type: 'result', result }),
      (error: unknown) => answer({ type: 'failed', message: error instanceof Error ? error.message : String(error) }),
    );
  };
  channel.addEventListener('message', onMessage);
  port?.start();
}
