import 'client-only';

/** What a tied worker is told first: the port over which another worker asks it for things. It is the only message. */
export type TiedTask = { port: MessagePort };

/**
 * Starts workers for another one, which its own policy lets start none: whoever does the work gets a port to each. They end when
 * the work is done, stopped, or one of them has failed; `signal` is then aborted for the work as well.
 * `what` names the work in the sentence that says so.
 */
export async function withTiedWorkers<Result>(
  { count, start, what, signal }: { count: number; start: () => Worker; what: string; signal: AbortSignal | undefined },
  work: (ports: MessagePort[], signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const failing = new AbortController();
  const tied = Array.from({ length: count }, () => {
    const worker = start();
    const { port1, port2 } = new MessageChannel();
    worker.addEventListener('error', () => failing.abort(new Error(`A part of the ${what} ended before it was finished.`)));
    worker.postMessage({ port: port2 } satisfies TiedTask, [port2]);
    return { worker, port: port1 };
  });
  const ports = tied.map(({ port }) => port);
  try {
    return await work(ports, signal ? AbortSignal.any([signal, failing.signal]) : failing.signal);
  } finally {
    for (const { worker } of tied) worker.terminate();
  }
}
