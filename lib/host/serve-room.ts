// The other side of a room of Node: the script of a thread or process calls this once.
import { parentPort } from 'node:worker_threads';
import { answerJobs, type JobHandlers, type JobTable } from '#lib/room/jobs.ts';

/** Does jobs for the room that has started this thread or process, which ends with that one. */
export function serveRoom<J extends JobTable>(handlers: JobHandlers<J>): void {
  if (parentPort) {
    const port = parentPort;
    port.on(
      'message',
      answerJobs(handlers, (reply) => port.postMessage(reply)),
    );
  } else {
    process.on(
      'message',
      answerJobs(handlers, (reply) => void process.send?.(reply)),
    );
    process.on('disconnect', () => process.exit());
  }
}
