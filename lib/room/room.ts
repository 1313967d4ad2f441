import type { Hand, HandEvents, JobReply, JobTable, Loss } from './jobs.ts';

export type RoomLimits = {
  /** How many threads, processes or workers there are at most. */
  hands: number;
  /** Jobs that may wait for one; any number, if it is not said. */
  queue?: number;
  /** How long a job may take from when it is begun. */
  timeLimitMs?: number;
  /** Whether a hand ends with its job: the memory of a job that held secrets is given back. */
  isOnce?: boolean;
};

export type JobOptions<News> = {
  signal?: AbortSignal | undefined;
  onNews?: ((news: News) => void) | undefined;
  /** What the input holds that is handed over and not copied: it is gone here, also when the job fails. */
  transfer?: Transferable[] | undefined;
};

export type WorkRoom<J extends JobTable> = {
  /**
   * Has a job done by the next free hand.
   * @throws RoomError by its code, with the name and message of what the job has thrown where it is FAILED
   */
  run<N extends keyof J & string>(job: N, input: J[N]['input'], options?: JobOptions<J[N]['news']>): Promise<J[N]['output']>;
  /** Jobs that wait for a hand. */
  readonly waiting: number;
  /** Gives up all jobs and ends every hand, at once. Resolves when their memory is returned. */
  close(): Promise<void>;
};

/** The hands of a room as somebody who divides work among them sees them. */
export type Helpers<J extends JobTable> = Pick<WorkRoom<J>, 'run'> & { readonly count: number };

const MESSAGES = {
  BUSY: 'Too much waits to be done already.',
  TIME_LIMIT: 'The work took too long.',
  CANCELLED: 'The work was cancelled.',
  CLOSED: 'The work was ended.',
  OUT_OF_MEMORY: 'The work ran out of memory.',
};

/** Why a job has no output. FAILED: it threw, and its hand goes on. LOST: its hand ended. The others are the room's. */
export class RoomError extends Error {
  readonly code: keyof typeof MESSAGES | 'FAILED' | 'LOST';

  constructor(code: RoomError['code'], message: string, name = 'RoomError') {
    super(message);
    this.name = name;
    this.code = code;
  }
}

type Task = {
  number: number;
  job: string;
  input: unknown;
  transfer: Transferable[];
  onNews: ((news: never) => void) | undefined;
  resolve: (output: never) => void;
  reject: (error: unknown) => void;
};
type Seat = { hand: Hand; task: Task | null; timer: ReturnType<typeof setTimeout> | undefined };

/**
 * A room for work off the main thread. Hands are started when they are needed and do one job at a time; an idle one does not keep
 * this process alive. A job that is cancelled or takes too long is ended with its hand, whatever it is doing, and the others go on.
 *
 * @param startHand what goes wrong with the hand, also in starting, comes to `onLoss`, perhaps more than once
 */
export function openRoom<J extends JobTable>(startHand: (events: HandEvents) => Hand, limits: RoomLimits): WorkRoom<J> {
  const { hands, queue = Number.POSITIVE_INFINITY, timeLimitMs, isOnce = false } = limits;
  const waiting: Task[] = [];
  const seats = new Set<Seat>();
  const ending = new Set<Promise<unknown>>();
  let count = 0;
  let closed = false;

  const next = (): void => {
    while (waiting.length > 0) {
      const seat = [...seats].find(({ task }) => task === null) ?? (seats.size < hands ? openSeat() : null);
      if (!seat) return;
      begin(seat, waiting.shift() as Task);
    }
  };

  const openSeat = (): Seat => {
    const hand = startHand({ onReply: (reply) => hear(seat, reply), onLoss: (loss) => clear(seat, lossError(loss)) });
    const seat: Seat = { hand, task: null, timer: undefined };
    seats.add(seat);
    return seat;
  };

  const begin = (seat: Seat, task: Task): void => {
    seat.task = task;
    seat.hand.hold(true);
    if (timeLimitMs !== undefined) seat.timer = setTimeout(() => clear(seat, stopped('TIME_LIMIT')), timeLimitMs);
    try {
      seat.hand.post({ number: task.number, job: task.job, input: task.input }, task.transfer);
    } catch (error) {
      finish(seat).reject(error);
    }
  };

  const finish = (seat: Seat): Task => {
    const task = seat.task as Task;
    clearTimeout(seat.timer);
    seat.task = null;
    seat.hand.hold(false);
    return task;
  };

  const hear = (seat: Seat, reply: JobReply): void => {
    if (reply.number !== seat.task?.number) return; // news of a job that is over
    if ('news' in reply) return seat.task.onNews?.(reply.news as never);
    const { resolve, reject } = finish(seat);
    if ('output' in reply) resolve(reply.output as never);
    else reject(new RoomError('FAILED', reply.fault.message, reply.fault.name));
    if (isOnce) dismiss(seat);
    next();
  };

  /** Ends a hand, and its job with it. */
  const clear = (seat: Seat, error: RoomError): void => {
    if (!dismiss(seat)) return;
    clearTimeout(seat.timer);
    seat.task?.reject(error);
    next();
  };

  /** Returns whether the hand was still there. */
  const dismiss = (seat: Seat): boolean => {
    if (!seats.delete(seat)) return false;
    const end = seat.hand.end().finally(() => ending.delete(end));
    ending.add(end);
    return true;
  };

  const cancel = (task: Task): void => {
    const seat = [...seats].find((one) => one.task === task);
    if (seat) return clear(seat, stopped('CANCELLED'));
    const place = waiting.indexOf(task);
    if (place >= 0) waiting.splice(place, 1);
    task.reject(stopped('CANCELLED'));
  };

  return {
    async run(job, input, { signal, onNews, transfer = [] } = {}) {
      if (closed) throw stopped('CLOSED');
      if (signal?.aborted) throw stopped('CANCELLED');
      if (waiting.length >= queue) throw stopped('BUSY');
      const { promise, resolve, reject } = Promise.withResolvers<never>();
      const task: Task = { number: count++, job, input, transfer, onNews, resolve, reject };
      const onAbort = () => cancel(task);
      signal?.addEventListener('abort', onAbort, { once: true });
      waiting.push(task);
      next();
      return promise.finally(() => signal?.removeEventListener('abort', onAbort));
    },
    get waiting() {
      return waiting.length;
    },
    async close() {
      closed = true;
      for (const task of waiting.splice(0)) task.reject(stopped('CLOSED'));
      for (const seat of seats) clear(seat, stopped('CLOSED'));
      await Promise.all(ending);
    },
  };
}

function stopped(code: keyof typeof MESSAGES): RoomError {
  return new RoomError(code, MESSAGES[code]);
}

function lossError({ isMemory, message }: Loss): RoomError {
  return isMemory ? stopped('OUT_OF_MEMORY') : new RoomError('LOST', message);
}
