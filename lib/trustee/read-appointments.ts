import { writeStored } from '#lib/host/stored-file.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { OpenedBy } from '#lib/protocol/permit/group-policy.ts';
import { leadsToPlatform } from '#lib/protocol/statement/platform-successor.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { logAbout, type TrusteeContext } from './context.ts';
import { type Duty, openedByOf } from './duty.ts';
import { fairOrder, lineOf } from './fair-order.ts';
import { isRestarted } from './inbox.ts';
import { joinStatement, readAppointment } from './join-statement.ts';
import { judgeOpener } from './judge-opener.ts';
import { readJournal, readPlatform } from './keystore.ts';
import type { Openers, Turn } from './openers.ts';
import { describeFault, isUnreachable, shortCall } from './platform-calls.ts';
import { hasRoom } from './policy.ts';
import { writeQueue } from './queue.ts';
import { platformFileShape } from './stored-shapes.ts';

/** A statement that names this trustee and is not decided yet. */
type Pending = {
  id: Hex32;
  cursor: number;
  failures: number;
  /** That it cannot be judged yet, once. */
  isTold: boolean;
  retryAt: number;
  /** Once it was read and nothing speaks against it. */
  turn: Turn | null;
  /** Since when it waits for room, Unix seconds. */
  waitsSince: number | null;
};

export type Appointments = {
  pending: Map<Hex32, Pending>;
  openers: Openers;
  /** Who waits, as it was written last. */
  queue: string | null;
  /** Hashes of rolls whose leaves were checked. */
  rebuilt: Set<Hex32>;
  /** How far the list was read; null before the first time. */
  cursor: number | null;
  /** The epoch of that cursor, if it is known. */
  epoch: Hex32 | null;
  /** The platform's key that was told to be another than the pinned one. */
  otherKey: Hex32 | null;
  /** Why they could not be read the last time, so that it is told once while it lasts. */
  unread: string | null;
};

type Refused = { code: string; detail?: string };

/** More than any cursor: within a group nobody's second statement goes before anybody's first. SPEC §5.12. */
const AFTER_ALL_OTHERS = 2 ** 40;
const MOST_PAGES = 50;
/** Undecided ones that are known at a time; the list goes on from there once some of them are decided. */
const MOST_PENDING = 20_000;
const LONGEST_PAUSE_SECONDS = 60;
/** How soon it is seen that a person has answered. */
const ASKED_AGAIN_SECONDS = 2;
/** Statements of one round that are read, and that are joined: then those that are served have their turn. */
const READ_AT_ONCE = 40;
const JOINED_AT_ONCE = 4;

/**
 * Asks which statements name this trustee and joins those that it accepts, a few at a time, in the order of `fairOrder`. How far it got
 * is remembered only up to the first that is undecided, so that none is lost. A platform whose key is not the pinned one is asked
 * nothing further.
 * @param open the statements that are served, with who opened them
 * @returns new duties, and whether there is more to join at once
 * @throws when the platform cannot be reached
 */
export async function readAppointments(
  trustee: TrusteeContext,
  appointments: Appointments,
  open: ReadonlyMap<Hex32, OpenedBy>,
): Promise<{ duties: Duty[]; isBehind: boolean }> {
  const platform = await pinPlatform(trustee, appointments);
  // With a wrong clock a statement would be turned away for good, or joined too late.
  if (platform === null || trustee.clock.isInDoubt()) return { duties: [], isBehind: false };
  await listAppointments(trustee, appointments, open);
  const { pending } = appointments;
  const decide = async (one: Pending, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      one.failures++;
      // If only this statement's answers hang, all others come first now: what is served, too, is served only after this.
      one.retryAt = trustee.now() + Math.min(2 ** one.failures, LONGEST_PAUSE_SECONDS);
      if (isUnreachable(error)) throw error;
      if (!one.isTold) logAbout(trustee, one.id, 'NOT_JUDGED', `cannot be judged yet: ${describeFault(error)}`);
      one.isTold = true;
    }
  };
  const isDue = (one: Pending) => trustee.now() >= one.retryAt;

  const unread = [...pending.values()].filter((one) => one.turn === null && isDue(one));
  for (const one of unread.slice(0, READ_AT_ONCE)) await decide(one, () => readOne(trustee, appointments, one, platform));

  const duties: Duty[] = [];
  const served = [...open.values()];
  const ready = [...pending.values()].filter((one): one is Pending & { turn: Turn } => one.turn !== null && isDue(one));
  for (const one of fairOrder(
    ready,
    ({ turn }) => lineOf(turn.openedBy),
    ({ turn, cursor }) => turn.slot * AFTER_ALL_OTHERS + cursor,
  )) {
    if (duties.length >= JOINED_AT_ONCE) break;
    if (one.turn.openBy <= trustee.now()) {
      decline(trustee, pending, one, { code: 'OPEN_BY_PAST' });
      continue;
    }
    if (!hasRoom(trustee.policy, served, one.turn.openedBy)) {
      if (one.waitsSince === null) logAbout(trustee, one.id, 'WAITS', 'waits: as many statements are served as the policy allows');
      one.waitsSince ??= trustee.now();
      continue;
    }
    await decide(one, async () => {
      const duty = await joinOne(trustee, appointments, one, platform);
      if (!duty) return;
      duties.push(duty);
      served.push(openedByOf(duty));
    });
  }
  await saveCursor(trustee, appointments);
  await saveQueue(trustee, appointments);
  // What waits for room has its turn at the next round, not at once.
  return { duties, isBehind: [...pending.values()].some((one) => one.waitsSince === null && isDue(one)) };
}

async function readOne(trustee: TrusteeContext, { pending, openers }: Appointments, one: Pending, platform: Hex32): Promise<void> {
  if (await readJournal(trustee.disk, one.id)) return void pending.delete(one.id); // taken up from the keystore, or over
  const invited = await readAppointment(trustee, one.id, platform);
  const opened = invited.ok ? await judgeOpener(trustee, invited.value, openers) : invited;
  if (opened.ok) one.turn = opened.value;
  else decline(trustee, pending, one, opened);
}

/** Read again: what it was judged by may have changed while it waited. */
async function joinOne(trustee: TrusteeContext, { pending, rebuilt }: Appointments, one: Pending, platform: Hex32): Promise<Duty | null> {
  if (trustee.consent.isAsked(one.id, trustee.now())) {
    one.retryAt = trustee.now() + ASKED_AGAIN_SECONDS; // nothing is fetched until somebody has answered
    return null;
  }
  const invited = await readAppointment(trustee, one.id, platform);
  const openedBy = one.turn?.openedBy as OpenedBy; // whose turn it is was judged
  if (invited.ok && !isAgreed(trustee, invited.value.context, one, openedBy)) {
    if (trustee.consent.answerTo(invited.value.context, openedBy) === 'decline') decline(trustee, pending, one, { code: 'DECLINED' });
    return null;
  }
  const joined = invited.ok ? await joinStatement(trustee, invited.value, openedBy, rebuilt) : invited;
  if (!joined.ok) {
    decline(trustee, pending, one, joined);
    return null;
  }
  pending.delete(one.id);
  if (joined.value) logAbout(trustee, one.id, 'JOINED', `joined as trustee ${joined.value.journal.trustee}`);
  return joined.value;
}

function decline(trustee: TrusteeContext, pending: Appointments['pending'], { id, waitsSince }: Pending, refused: Refused): void {
  const isLate = waitsSince !== null && refused.code === 'OPEN_BY_PAST';
  const why = isLate ? 'there was no room for it before the time for its key was over' : (refused.detail ?? '');
  logAbout(trustee, id, 'NOT_JOINED', `not joined: ${refused.code}${why ? ` (${why})` : ''}`);
  pending.delete(id);
  trustee.consent.forget(id);
}

/** Whether a person has said yes, where one is asked. While nobody has answered it is looked at again soon. */
function isAgreed({ consent, now }: TrusteeContext, context: StatementContext, one: Pending, openedBy: OpenedBy): boolean {
  if (!consent.asks) return true;
  const said = consent.answerTo(context, openedBy);
  if (said === null) one.retryAt = now() + (consent.isAsked(one.id, now()) ? ASKED_AGAIN_SECONDS : LONGEST_PAUSE_SECONDS);
  return said === 'join';
}

/** For `status`, in the order in which they came. */
async function saveQueue({ disk, consent }: TrusteeContext, appointments: Appointments): Promise<void> {
  const waiting = [...appointments.pending.values()].flatMap(({ turn, waitsSince: since }) =>
    turn && since !== null ? [{ statement: turn.statement, openedBy: turn.openedBy, since, openBy: turn.openBy }] : [],
  );
  appointments.queue = await writeQueue(disk, { waiting, asked: consent.waiting(), unlisted: consent.unlisted() }, appointments.queue);
}

/**
 * The key that the platform showed when this keystore first met it, or one to which that leads: each has signed the next. Any other
 * later is refused, whoever shows it. SPEC §13.8.
 */
async function pinPlatform(trustee: TrusteeContext, appointments: Appointments): Promise<Hex32 | null> {
  const { key, time, successions = [] } = await trustee.api.getPlatform(shortCall());
  trustee.clock.hear(time);
  const pinned = await readPlatform(trustee.disk);
  if (pinned === null) {
    await writeStored(trustee.disk, 'platform.json', { version: 2, key, cursor: 0 }, platformFileShape);
    trustee.log({ code: 'PLATFORM_PINNED', text: `platform key pinned: ${key}` });
    appointments.cursor = 0;
    return key;
  }
  if (appointments.cursor === null) Object.assign(appointments, { cursor: pinned.cursor, epoch: pinned.epoch ?? null });
  if (pinned.key === key) return key;
  if (leadsToPlatform(pinned.key, key, successions)) {
    await writeStored(trustee.disk, 'platform.json', { ...pinned, key }, platformFileShape);
    trustee.log({
      code: 'PLATFORM_FOLLOWED',
      text: `the platform's key ${pinned.key} has signed that ${key} follows it, which is pinned now`,
    });
    return key;
  }
  if (appointments.otherKey !== key) {
    appointments.otherKey = key;
    trustee.log({
      ...{ level: 'warning', code: 'OTHER_PLATFORM_KEY' },
      text: `the platform shows the key ${key}, and ${pinned.key} is pinned; no statement is joined`,
    });
  }
  return null;
}

async function listAppointments(trustee: TrusteeContext, appointments: Appointments, open: ReadonlyMap<Hex32, unknown>): Promise<void> {
  for (let page = 0; page < MOST_PAGES; page++) {
    const after = appointments.cursor ?? 0;
    const { key } = trustee.identity.descriptor;
    const { statements, ...start } = await trustee.api.listTrusteeStatements(key, after, shortCall(), appointments.epoch);
    if (isRestarted(appointments, start)) {
      trustee.log({
        ...{ level: 'warning', code: 'BEGUN_AGAIN' },
        text: 'the platform has begun its list of statements again, as after a loss; reading it from the beginning',
      });
      appointments.cursor = 0;
      appointments.pending.clear();
    }
    appointments.epoch = start.epoch;
    if (statements.length === 0) return;
    for (const { cursor, id } of statements) {
      if (appointments.pending.size >= MOST_PENDING) return;
      if (cursor <= (appointments.cursor ?? 0)) throw new Error('the platform lists statements out of order');
      appointments.cursor = cursor;
      if (!open.has(id)) appointments.pending.set(id, { id, cursor, failures: 0, isTold: false, retryAt: 0, turn: null, waitsSince: null });
    }
  }
}

async function saveCursor(trustee: TrusteeContext, appointments: Appointments): Promise<void> {
  const stored = await readPlatform(trustee.disk);
  const { epoch } = appointments;
  let cursor = appointments.cursor ?? 0;
  for (const undecided of appointments.pending.values()) cursor = Math.min(cursor, undecided.cursor - 1);
  if (!stored || (cursor === stored.cursor && epoch === (stored.epoch ?? null))) return;
  const file = { ...stored, cursor, ...(epoch === null ? {} : { epoch }) };
  await writeStored(trustee.disk, 'platform.json', file, platformFileShape);
}
