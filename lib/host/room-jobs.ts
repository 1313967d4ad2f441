// What a room and its hands say to each other (work-room.ts, serve-room.ts)

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
