// Rooms in browsers: what their hands are, and the other side of them.
import { answerJobs, type Hand, type HandEvents, type JobHandlers, type JobReply, type JobRequest, type JobTable } from './jobs.ts';
import { PART_MISSING } from './part-missing.ts';
import { type Helpers, openRoom, type RoomLimits, type WorkRoom } from './room.ts';

export type WebRoomSettings = RoomLimits & {
  /** Starts a worker whose script calls `serveWebRoom`: bundlers want to see where its address is. */
  start(): Worker;
  /**
   * For workers that have work done by others, since a content policy may let them start none: each gets so many, which end with it.
   */
  helpers?: { start(): Worker; count: number };
};

/** The first message to a worker, and the only one: the port over which it is asked, and those over which it may ask its helpers. */
type Greeting = { port: MessagePort; helpers: MessagePort[] };

/** A room whose hands are workers of a browser. One that a policy stops, or that ends itself, stays silent: set a time limit. */
export function createWebRoom<J extends JobTable>(settings: WebRoomSettings): WorkRoom<J> {
  return openRoom((events) => startWorkers(settings, events), settings);
}

/**
 * Does jobs for the room that has started this worker, or for the worker whose helper it is; its script calls this at once. When a
 * helper is lost, so are the worker and its other helpers.
 */
export function serveWebRoom<J extends JobTable, H extends JobTable = never>(handlersWith: (helpers: Helpers<H>) => JobHandlers<J>): void {
  const onGreeting = ({ data: { port, helpers } }: MessageEvent<Greeting>) => {
    const count = helpers.length;
    const startHelper = ({ onReply }: HandEvents) =>
      overPort(helpers.pop() as MessagePort, { onReply, onLoss: ({ message }) => reportError(new Error(message)) });
    const { run } = openRoom<H>(startHelper, { hands: count });
    const answer = answerJobs(handlersWith({ run, count }), (reply) => port.postMessage(reply));
    port.onmessage = ({ data }: MessageEvent<JobRequest>) => answer(data);
  };
  addEventListener('message', onGreeting, { once: true });
}

function startWorkers({ start, helpers }: WebRoomSettings, events: HandEvents): Hand {
  const workers: Worker[] = [];
  const add = (worker: Worker, ports: MessagePort[]) => {
    const { port1, port2 } = new MessageChannel();
    workers.push(worker);
    // Of a script that did not come the event says nothing.
    worker.addEventListener('error', ({ message = '' }) =>
      events.onLoss({ isMemory: /out of memory/i.test(message), message: message || PART_MISSING }),
    );
    worker.postMessage({ port: port2, helpers: ports } satisfies Greeting, [port2, ...ports]);
    return port1;
  };
  const ports = Array.from({ length: helpers?.count ?? 0 }, () => add((helpers as { start(): Worker }).start(), []));
  const end = async () => {
    for (const worker of workers) worker.terminate();
  };
  return { ...overPort(add(start(), ports), events), end };
}

/** Who is at the other end of a port. It does not tell when nobody is there any more. */
function overPort(port: MessagePort, { onReply, onLoss }: HandEvents): Hand {
  port.onmessage = ({ data }: MessageEvent<JobReply>) => onReply(data);
  port.onmessageerror = () => onLoss({ isMemory: false, message: 'The answer of a worker could not be read.' });
  return {
    post: (request, transfer) => port.postMessage(request, transfer),
    hold: () => {},
    end: async () => port.close(),
  };
}
