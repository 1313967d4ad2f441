// What a room and its hands say to each other, and what a hand does with it. Node and browsers carry it each in their own way.

/** The jobs of a room by name. Inputs, outputs and news are copied from thread to thread: no functions, no objects with methods. */
export type JobTable = Record<string, { input: unknown; output: unknown; news?: unknown }>;

/** One job for a hand. `number` is the room's, and stands in all that is said of it. */
export type JobRequest = { number: number; job: string; input: unknown };

export type JobReply = { number: number } & (
  | { news: unknown }
  | { output: unknown }
  /** The job has thrown: what the error was called, and said. */
  | { fault: { name: string; message: string } }
);

/** A thread, a process or a worker that does one job at a time. */
export type Hand = {
  /** @param transfer what the input holds that is handed over, not copied; processes copy it all the same
   *  @throws DataCloneError when the input of the job cannot be copied */
  post(request: JobRequest, transfer: Transferable[]): void;
  /** Whether it keeps this process alive. It does when it has just been started. */
  hold(held: boolean): void;
  /** Ends it in the middle of whatever it does; its memory is returned then. */
  end(): Promise<unknown>;
};

/** Why a hand is gone though nobody ended it. */
export type Loss = { isMemory: boolean; message: string };
export type HandEvents = { onReply(reply: JobReply): void; onLoss(loss: Loss): void };

/** What is done for each job of a table. `tell` sends news of it to whoever asked, as long as it is under way. */
export type JobHandlers<J extends JobTable> = {
  [N in keyof J]: (input: J[N]['input'], tell: (news: J[N]['news']) => void) => J[N]['output'] | Promise<J[N]['output']>;
};

/** The side of a hand: does what is asked, and posts all that is said of it. */
export function answerJobs<J extends JobTable>(handlers: JobHandlers<J>, post: (reply: JobReply) => void) {
  return async ({ number, job, input }: JobRequest): Promise<void> => {
    try {
      const handle = handlers[job];
      if (!handle) throw new Error(`no such job: ${job}`);
      post({ number, output: await handle(input, (news) => post({ number, news })) });
    } catch (error) {
      const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
      post({ number, fault: { name, message } });
    }
  };
}
