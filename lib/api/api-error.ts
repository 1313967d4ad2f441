/** A refusal by the platform, or a failure to reach it. `message` is a sentence for a person. */
export class ApiError extends Error {
  /**
   * The platform's stable code (SPEC §13), or one of the client's own: NETWORK when nothing came back, TIMED_OUT when it took
   * too long, BAD_ANSWER when the answer is not what the contract says, ANSWER_TOO_LONG when the caller takes no more of it. Compare with `ApiError.is`.
   */
  readonly code: string;
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** Bits of work (work-stamp.ts) with which the platform would take the same. */
  readonly work: number | undefined;

  /** @param cause what stood behind a failure to reach the platform */
  constructor(code: string, message: string, status: number, work?: number, cause?: unknown) {
    super(message, { cause });
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
    this.work = work;
  }

  /** Whether an error is the platform's or client's refusal with one of these codes. */
  static is(error: unknown, ...codes: string[]): error is ApiError {
    return error instanceof ApiError && (codes.length === 0 || codes.includes(error.code));
  }
}

const UNTOLD: readonly string[] = ['NETWORK', 'TIMED_OUT', 'INTERNAL', 'BAD_ANSWER'];

/** Whether a failure leaves open if the request was taken in: its answer was lost, or is none. Nobody may then be told that nothing was sent. */
export function isUntold(code: string | undefined): boolean {
  return code !== undefined && UNTOLD.includes(code);
}
