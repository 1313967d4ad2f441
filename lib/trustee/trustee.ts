import { createClockWatch } from '#lib/host/clock-watch.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { type JoinConsent, openConsent } from './consent.ts';
import { type TrusteeContext, warnAbout } from './context.ts';
import { type Duty, groupOf, loadDuty, openedByOf } from './duty.ts';
import { settleDuty, tidyKeystore } from './end-statement.ts';
import { type ErasingPlan, planErasing } from './erasing-plan.ts';
import { fairOrder } from './fair-order.ts';
import { listKeptStatements } from './keystore.ts';
import { createLongWork } from './long-work.ts';
import { loadOpeners } from './openers.ts';
import { describeFault, isUnreachable, shortCall } from './platform-calls.ts';
import { type Policy, STANDARD_POLICY } from './policy.ts';
import { type Appointments, readAppointments } from './read-appointments.ts';
import { serveDuty, setBack } from './serve-duty.ts';
import type { TrusteeRoom } from './trustee-room.ts';

/** A trustee at work. One round at a time; `eraseDue` may run beside it. */
export type Trustee = {
  /**
   * Does for every statement what can be done now.
   * @returns whether there is more to do at once: a board that is longer than one turn
   * @throws when the platform cannot be reached: wait before the next round; or with the reason why it is to stop
   */
  runRound(): Promise<boolean>;
  /** Erases what is due by the clock, whatever a round is waiting for, and ends the work on it. What it cannot read is told in the log, once while it lasts. */
  eraseDue(): Promise<void>;
  /** Statements of which it holds a share, or takes part in the making of the key. */
  readonly served: number;
  /** Why its clock may be wrong; null while nothing speaks against it. */
  clockDoubt(): string | null;
};

const OUTAGE_PAUSE_SECONDS = 5;
/** After so long a round ends where it is, so that new statements are not kept waiting. */
const ROUND_SECONDS = 5;
/** How long a starting trustee waits for the platform's time. */
const START_MS = 5_000;

/** What a trustee is started with. Its long work ends soon after `stopping`, with nothing lost. */
export type TrusteeSettings = Omit<TrusteeContext, 'pause' | 'work' | 'clock' | 'policy' | 'consent' | 'monotonic'> & {
  /** Where its long work is done; closed by whoever has opened it. */
  room: TrusteeRoom;
  stopping?: AbortSignal;
  policy?: Policy;
  /** Without it, what was said before. */
  consent?: JoinConsent;
  /** Seconds by a clock that nobody sets. */
  monotonic?: () => number;
  /** Seconds between two rounds, from which it follows how often a quiet statement is looked at. */
  pollSeconds?: number;
};

/** A trustee's statements, and what decides their turns. */
type Desk = { duties: Map<Hex32, Duty>; appointments: Appointments; erasing: ErasingPlan; round: number; pollSeconds: number };

/**
 * Starts a trustee on a keystore that this process has locked: completes what a crash interrupted, erases what is due, and takes up
 * its statements. All of that happens before anything about a statement is read from the network; only the platform's time is asked.
 */
export async function startTrustee(settings: TrusteeSettings): Promise<Trustee> {
  const { monotonic = () => performance.now() / 1_000, pollSeconds = 5, policy = STANDARD_POLICY } = settings;
  let erasing: Promise<unknown> = Promise.resolve();
  const pause = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    await erasing;
    settings.stopping?.throwIfAborted();
  };
  const heldBack = 'nothing is destroyed, given up or opened';
  const clock = createClockWatch({ now: settings.now, monotonic, log: settings.log, heldBack });
  const consent = settings.consent ?? (await openConsent(settings.disk, undefined));
  const work = createLongWork(settings.room, pause, settings.stopping);
  const trustee: TrusteeContext = { ...settings, policy, consent, clock, monotonic, work, pause };
  await tidyKeystore(trustee.disk);
  await hearPlatform(trustee);
  const plan = await planErasing(trustee.disk);
  const openers = await loadOpeners(trustee.disk);
  let told: string[] = [];
  const erase = async () => {
    if (clock.isInDoubt()) return;
    await openers.prune(trustee.now());
    const problems = await plan.run(trustee.now());
    for (const problem of problems) if (!told.includes(problem)) trustee.log({ level: 'warning', code: 'ERASING_FAILED', text: problem });
    told = problems;
  };
  await erase();
  const duties = new Map<Hex32, Duty>();
  for (const id of await listKeptStatements(trustee.disk)) {
    try {
      const duty = await loadDuty(trustee, id);
      if (!duty) continue;
      await settleDuty(trustee, duty);
      duties.set(id, duty);
    } catch (error) {
      warnAbout(trustee, id, 'NOT_SERVED', `cannot be served: ${describeFault(error)}`);
    }
  }
  const appointments: Appointments = {
    ...{ pending: new Map(), openers, queue: null, rebuilt: new Set() },
    ...{ cursor: null, epoch: null, otherKey: null, unread: null },
  };
  const desk: Desk = { duties, appointments, erasing: plan, round: 0, pollSeconds };
  return {
    runRound: () => runRound(trustee, desk),
    eraseDue: async () => {
      work.giveUp();
      erasing = erase();
      await erasing;
    },
    clockDoubt: clock.findDoubt,
    get served() {
      return desk.duties.size;
    },
  };
}

/** Where the platform does not answer, nothing contradicts the clock. */
async function hearPlatform({ api, clock }: TrusteeContext): Promise<void> {
  const platform = await api.getPlatform({ ...shortCall(), signal: AbortSignal.timeout(START_MS) }).catch(() => null);
  if (platform) clock.hear(platform.time);
}

async function runRound(trustee: TrusteeContext, desk: Desk): Promise<boolean> {
  const { duties, pollSeconds } = desk;
  desk.round++;
  for (const duty of duties.values()) await guard(trustee, duty, () => settleDuty(trustee, duty));
  const invited = await invite(trustee, desk);
  for (const duty of invited.duties) {
    duties.set(duty.id, duty);
    desk.erasing.add(duty.id);
  }
  const begun = trustee.monotonic();
  const due = [...duties.values()].filter((duty) => trustee.now() >= duty.pace.retryAt);
  const order = fairOrder(
    due,
    ({ context }) => groupOf(context.statement),
    ({ pace }) => pace.lastRound,
  );
  for (const [place, duty] of order.entries()) {
    // New statements, and those that have waited longest, come first in the next round.
    if (place > 0 && trustee.monotonic() - begun > ROUND_SECONDS) return true;
    duty.pace.lastRound = desk.round;
    await guard(trustee, duty, async () => {
      if (await serveDuty(trustee, duty, pollSeconds)) duties.delete(duty.id);
    });
  }
  return invited.isBehind || [...duties.values()].some(({ pace }) => pace.isBehind && pace.retryAt <= trustee.now());
}

/** A bad answer about new statements must not keep the trustee from those that it serves. */
async function invite(trustee: TrusteeContext, { duties, appointments }: Desk): Promise<{ duties: Duty[]; isBehind: boolean }> {
  try {
    const open = new Map([...duties.values()].map((duty) => [duty.id, openedByOf(duty)]));
    const read = await readAppointments(trustee, appointments, open);
    if (appointments.unread !== null) trustee.log({ code: 'LIST_READ', text: 'new statements can be read again' });
    appointments.unread = null;
    return read;
  } catch (error) {
    if (isUnreachable(error)) throw error;
    const fault = describeFault(error);
    if (fault !== appointments.unread) trustee.log({ code: 'LIST_UNREAD', text: `new statements cannot be read: ${fault}` });
    appointments.unread = fault;
    return { duties: [], isBehind: false };
  }
}

/** Keeps the failure of one statement from the others. @throws only when the platform as a whole is out of reach */
async function guard(trustee: TrusteeContext, duty: Duty, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isUnreachable(error)) return setBack(trustee, duty, error);
    duty.pace.retryAt = trustee.now() + OUTAGE_PAUSE_SECONDS; // if only this statement's answers hang, the others come first now
    throw error;
  }
}
