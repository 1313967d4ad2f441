/** Handing a signature in at a later moment than the visit, and what somebody who watches the line learns in each case. */
import type { Api } from '#lib/api/client.ts';
import type { CallOptions } from '#lib/api/request.ts';
import type { Body } from '#lib/protocol/board/listed.ts';
import type { Receipt } from '#lib/protocol/board/receipt.ts';
import type { Checked } from '#lib/protocol/messages/checked.ts';
import { type Random, randomBelow } from '#lib/protocol/numbers/random.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { postBody } from './post-body.ts';

const HOUR = 3600;
/** Seconds before the deadline that no delay reaches into: for a slow line, a busy platform, and the page's own clock. */
const MARGIN = 300;
const RETRY_SECONDS = 30;
/** What comes of a platform that is started again, overloaded or cut off, and of the servers before it then: not its word on the signature. */
const AWAY: readonly string[] = ['NETWORK', 'TIMED_OUT', 'BUSY', 'UNAVAILABLE', 'INTERNAL', 'BAD_ANSWER'];

/** How long a signer may let a signature wait, at most, in seconds; 0 for not at all. */
const DELAYS: readonly number[] = [0, HOUR, 6 * HOUR, 24 * HOUR];

/** The delays that end before the deadline. `now` by the platform's clock, Unix seconds. */
export function listDelays(now: number, deadline: number): readonly number[] {
  return DELAYS.filter((longest) => longest === 0 || now + longest + MARGIN <= deadline);
}

/**
 * A moment within the delay, each second of it as likely as any other. Of a delay that was chosen long ago there may be less left: it
 * still ends before the deadline. `now`, the deadline and what is returned are by one clock, Unix seconds.
 */
export function drawMoment(now: number, longest: number, deadline: number, random: Random): number {
  const left = Math.min(longest, Math.floor(deadline - MARGIN - now));
  return now + (left <= 0 ? 0 : randomBelow(left, random) + 1);
}

type SendTimes = {
  at: number;
  deadline: number;
  now: () => number;
  onSend?: () => void;
  onSetBack?: (seconds: number) => void;
};

/**
 * Waits until a moment and hands a body in then; while the platform is out of reach, or cannot answer, it is asked again until the
 * deadline. A device that slept hands it in when it wakes. One whose clock is set back meanwhile, as its owner was told to, waits no longer.
 * @param at, now by this device's clock, Unix seconds; @param deadline of the statement, by the same clock; @param onSend told before anything is sent
 * @param onSetBack told by how many seconds the clock was set back
 * @throws the reason of `options.signal`
 */
export async function postLater(
  api: Pick<Api, 'postSignature'>,
  context: StatementContext,
  body: Body,
  { at, deadline, now, onSend, onSetBack }: SendTimes,
  options: CallOptions = {},
): Promise<Checked<Receipt>> {
  const onward = onwardClock(now, onSetBack);
  await waitUntil(at, onward, options.signal);
  onSend?.();
  for (;;) {
    const posted = await postBody(api, context, body, now, options);
    const isAway = !posted.ok && AWAY.includes(posted.code);
    if (!isAway || onward() + 2 * RETRY_SECONDS > deadline) return posted;
    await waitUntil(onward() + RETRY_SECONDS, onward, options.signal);
  }
}

/** The same clock without the times by which it was set back since. */
function onwardClock(now: () => number, onSetBack: ((seconds: number) => void) | undefined): () => number {
  let [last, back] = [now(), 0];
  return () => {
    const read = now();
    const step = last - read;
    if (step > 0) {
      back += step;
      onSetBack?.(step);
    }
    last = read;
    return read + back;
  };
}

/** In steps of a second at most: timers stand still while a device sleeps, its clock does not. */
async function waitUntil(at: number, now: () => number, signal: AbortSignal | undefined): Promise<void> {
  while (now() < at) {
    signal?.throwIfAborted();
    const milliseconds = Math.min(1, at - now()) * 1000;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, milliseconds)));
  }
  signal?.throwIfAborted();
}

/** What somebody who watches a signer's line, and the public board, could learn. @param cadence seconds between checkpoints, 0 for at once */
export function describeWatcher(cadence: number): string {
  if (cadence === 0)
    return 'Signatures appear at once. Whoever watches your line sees that you visit this site; if the count rises at that moment, they know that you have signed. They learn your name only once the names are open, and not even then which entry was yours.';
  const span = cadence === HOUR ? 'an hour' : cadence === 24 * HOUR ? 'a day' : `${Math.round(cadence / 60)} minutes`;
  return `Signatures of ${span} appear together. Whoever watches your line sees that you visit this site, and how many people signed within ${span}: the fewer they are, the surer it is that you are one of them.`;
}

/** What a delay changes of it, and what it does not. */
export const DELAY_SEEN =
  'Sent later, it no longer falls into your visit. Whoever watches all the time still sees that this device sends something then; only Tor, or another line, hides that.';
