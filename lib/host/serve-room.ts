// The other side of a room: the script of a thread or process calls this once.
import { type MessagePort, parentPort } from 'node:worker_threads';
import type { JobReply, JobRequest, JobTable } from './room-jobs.ts';

/** What is done for each job of a table. `tell` sends news of it to whoever asked, as long as it is under way. */
export type JobHandlers<J extends JobTable> = {
  [N in keyof J]: (input: J[N]['input'], tell: (news: J[N]['news']) => void) => J[N]['output'] | Promise<J[N]['output']>;
};

/** Does jobs for the room that has started this thread or process, which ends with that one. */
export function serveRoom<J extends JobTable>(handlers: JobHandlers<J>): void {
  const post = parentPort ? portOf(parentPort, answer) : channelOf(answer);

  async function answer({ number, job, input }: JobRequest): Promise<void> {
    try {
      const handle = handlers[job];
      if (!handle) throw new Error(`no such job: ${job}`);
      post({ number, output: await handle(input, (news) => post({ number, news })) });
    } catch (error) {
      const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
      post({ number, fault: { name, message } });
    }
  }
}

type Listener = (request: JobRequest) => void;
type Post = (reply: JobReply) => void;

function portOf(port: MessagePort, listener: Listener): Post {
  port.on('message', listener);
  return (reply) => port.postMessage(reply);
}

function channelOf(listener: Listener): Post {
  process.on('message', listener);
  process.on('disconnect', () => process.exit());
  return (reply) => void process.send?.(reply);
}
