import type { Random } from '#lib/protocol/numbers/random.ts';
import type { JobPort } from './job-pool.ts';
import { type CheckReply, type CheckRequest, createJobRunner } from './jobs.ts';

/** What stands at either end of a channel between workers of a browser. */
type Channel = Pick<MessagePort, 'postMessage' | 'onmessage'>;

/** The side of the worker that reads the record. */
export function portTo(channel: Channel): JobPort {
  return {
    post: (request) => channel.postMessage(request),
    listen: (onReply) => {
      channel.onmessage = ({ data }: MessageEvent<CheckReply>) => onReply(data);
    },
  };
}

/** The side of a worker that does what takes long. */
export function serveJobs(channel: Channel, random: Random): void {
  const run = createJobRunner(random);
  channel.onmessage = async ({ data }: MessageEvent<CheckRequest>) => channel.postMessage(await run(data));
}
