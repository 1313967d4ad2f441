/** From what an author typed to the statement that is hashed. Pure: time, nonce and rolls are handed in. */

import type { Platform } from '#lib/api/shapes.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { nameGroupsOf } from '#lib/protocol/member/name-groups.ts';
import { type RollHeader, rollHash } from '#lib/protocol/member/roll.ts';
import { countOf } from '#lib/protocol/messages/count-of.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { toNormal } from '#lib/protocol/messages/normal-form.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import { findDeceptive } from '#lib/protocol/messages/visible-text.ts';
import {
  checkShownTexts,
  checkStatement,
  findUnwieldy,
  leastGrace,
  type Statement,
  type StatementContext,
  type StatementFailure,
  VERSION,
} from '#lib/protocol/statement/statement.ts';
import { type Draft, type DraftField, mostNeeded, type Problem, pickGrace } from './draft.ts';
import { type LocalTime, readLocalTime } from './local-time.ts';
import { readConditions, sentence } from './read-conditions.ts';

export type ComposeSetting = {
  platform: Pick<Platform, 'key' | 'verificationKey' | 'setup' | 'trustees' | 'graceMargin' | 'anonymityFloor' | 'trial'>;
  /** The newest roll of each group that the author has chosen, checked. */
  rolls: ReadonlyMap<Hex32, RollHeader>;
  /** Unix seconds, by the platform's clock: it decides. */
  now: number;
  /** In which the author chose the deadline; without it the zone of the machine. */
  timeZone?: string;
  /** 32 random bytes in hex. */
  nonce: Hex32;
};

/** Seconds that a committee has to make the key before the statement is given up, at most; never more than half the time there is. */
const KEY_TIME = { trial: 3600, earnest: 86_400 };
const SHORTEST_SECONDS = 20;
/** Seconds by which clocks may differ, that a mixer is given, and within which a signature must be on the board beyond the cadence. */
const PACE = {
  trial: { clockSkew: 10, stepTime: 1, mergeDelay: 10 },
  earnest: { clockSkew: 300, stepTime: 10, mergeDelay: 600 },
};
/** What a cadence above 0 asks for at least. SPEC §5.3. */
const LEAST_SLACK = 600;

export type Composed = { ok: true; context: StatementContext; headers: RollHeader[] } | { ok: false; problems: Problem[] };

/** Makes the statement of a draft and checks it as everybody else will, or says field by field what is missing. */
export function composeStatement(draft: Draft, setting: ComposeSetting): Composed {
  const problems: Problem[] = [];
  const note = (field: DraftField, text: string) => problems.push({ field, text });
  const noteFault = (field: DraftField, what: string, fault: string | null) => fault !== null && note(field, `${what} ${fault}.`);

  const title = tidy(draft.title);
  const body = tidy(draft.body);
  if (title === '') note('title', 'Give the statement a title.');
  else if (title.length > 200) note('title', `The title is ${title.length} characters long; 200 fit.`);
  else noteFault('title', 'The title', findDeceptive(title));
  if (body === '') note('body', 'Write what is to be signed.');
  else if (body.length > 20_000) note('body', `The text is ${body.length} characters long; 20,000 fit.`);
  else noteFault('body', 'The text', findDeceptive(body) ?? findUnwieldy(body));

  const headers = chooseRolls(draft, setting, note);
  const conditions = readConditions(draft, headers);
  if (headers.length > 0 && !conditions.ok)
    note(conditions.code === 'BAD_TOGETHER' ? 'together' : 'trigger', conditions.detail ?? 'This condition cannot be used.');
  const deadline = readDeadline(draft, setting, note);
  checkCommittee(draft, note);
  if (problems.length > 0 || !conditions.ok || deadline === null) return { ok: false, problems };

  const statement: Statement = {
    version: VERSION,
    nonce: setting.nonce,
    text: [{ language: draft.language, title, body }],
    ...conditions.value,
    ...setTimes(draft, setting, { deadline, headers, together: conditions.value.together }),
    rolls: headers
      .map((header) => ({ group: groupId(header.group), roll: rollHash(header) }))
      .sort((a, b) => (a.group < b.group ? -1 : a.group > b.group ? 1 : 0)),
    committee: {
      threshold: draft.threshold,
      trustees: setting.platform.trustees.filter((trustee) => draft.trustees.includes(trustee.key)),
    },
    platform: setting.platform.key,
    verificationKey: setting.platform.verificationKey,
    setup: setting.platform.setup,
    ...(draft.revises === null ? {} : { revises: draft.revises }),
  };
  const context = checkStatement(statement, headers);
  if (!context.ok) return { ok: false, problems: [{ field: FIELD_OF[context.code], text: sentence(context.detail ?? context.code) }] };
  const texts = checkShownTexts(statement);
  if (!texts.ok) return { ok: false, problems: [{ field: 'committee', text: sentence(texts.detail ?? texts.code) }] };
  return { ok: true, context: context.value, headers };
}

function chooseRolls(draft: Draft, { platform, rolls }: ComposeSetting, note: (field: DraftField, text: string) => void): RollHeader[] {
  if (draft.groups.length === 0) note('groups', 'Choose the group whose members may sign.');
  const headers = draft.groups.flatMap((group) => rolls.get(group) ?? []);
  if (headers.length < draft.groups.length)
    note('groups', 'The roll of a group has not arrived yet. Wait a moment, or leave that group out.');
  for (const header of headers)
    if (header.size < platform.anonymityFloor)
      note(
        'groups',
        `${quote(nameGroupsOf(headers)(groupId(header.group)))} has ${countOf(header.size, 'member', 'members')}. A statement needs groups of at least ${platform.anonymityFloor}, because fewer can hide nobody.`,
      );
  return headers;
}

type Times = Pick<Statement, 'openBy' | 'deadline' | 'grace' | 'cadence' | 'mergeDelay' | 'clockSkew' | 'stepTime'>;

function readDeadline(draft: Draft, { now, timeZone }: ComposeSetting, note: (field: DraftField, text: string) => void): number | null {
  const chosen = readLocalTime(draft.deadline, timeZone);
  if (chosen === null) note('deadline', 'Choose a day and a time.');
  else if (chosen.kind !== 'moment') note('deadline', describeChange(draft.deadline, chosen));
  else if (chosen.at < now + SHORTEST_SECONDS) note('deadline', 'The deadline has passed, or is too near for anybody to sign.');
  else return chosen.at;
  return null;
}

/** What the times of a statement hang on, beside the draft. */
type TimeTerms = { deadline: number; headers: readonly RollHeader[]; together: number };

function setTimes(draft: Draft, setting: ComposeSetting, { deadline, headers, together }: TimeTerms): Times {
  const { platform, now } = setting;
  const keyTime = platform.trial ? KEY_TIME.trial : KEY_TIME.earnest;
  const pace = paceOf(draft, platform);
  return {
    openBy: now + Math.min(keyTime, Math.floor((deadline - now) / 2)),
    deadline,
    grace: pickGrace(draft.graceSeconds, leastGraceOf(draft, platform, headers, together)),
    cadence: draft.cadenceSeconds,
    ...pace,
  };
}

/** The least grace that a statement of this draft needs, with what the trustees here ask for beyond it. Seconds. */
export function leastGraceOf(
  draft: Draft,
  platform: Pick<Platform, 'graceMargin' | 'trial'>,
  headers: readonly RollHeader[],
  together: number,
): number {
  const members = headers.reduce((sum, { size }) => sum + size, 0);
  const { threshold } = draft;
  return leastGrace({ ...paceOf(draft, platform), together, committee: { threshold } }, members) + platform.graceMargin;
}

/** How fast things go: with a cadence, mergeDelay must leave a platform that misses a checkpoint the time to make it good. */
export function paceOf(draft: Pick<Draft, 'cadenceSeconds'>, { trial }: Pick<Platform, 'trial'>) {
  const { mergeDelay, ...pace } = trial ? PACE.trial : PACE.earnest;
  return { ...pace, mergeDelay: draft.cadenceSeconds === 0 ? mergeDelay : draft.cadenceSeconds + LEAST_SLACK };
}

function describeChange(value: string, { kind, from, to }: Exclude<LocalTime, { kind: 'moment' }>): string {
  const time = value.slice(11, 16);
  return kind === 'skipped'
    ? `On this day clocks are put on from ${from} to ${to}, so ${time} does not come. Choose another time.`
    : `On this day clocks are put back from ${from} to ${to}, so ${time} comes twice. Choose a time before ${to}, or from ${from} on.`;
}

function checkCommittee({ trustees, threshold }: Draft, note: (field: DraftField, text: string) => void): void {
  const most = mostNeeded(trustees.length);
  if (most < 2)
    note(
      'committee',
      'Choose at least four trustees: of fewer, one that is silent could stop the names, or one that cheats could split the board.',
    );
  else if (threshold < 2) note('committee', 'At least two trustees must be needed to open the names: one alone could read them all.');
  else if (threshold > most)
    note(
      'committee',
      `Of ${trustees.length} trustees at most ${most} can be needed. To need ${threshold}, choose ${3 * threshold - 2} or more: three times as many, less two.`,
    );
}

const FIELD_OF: Record<StatementFailure, DraftField> = {
  BAD_SHAPE: 'body',
  BAD_TEXT: 'body',
  BAD_TIMES: 'deadline',
  BAD_COMMITTEE: 'committee',
  BAD_PLATFORM: 'committee',
  BAD_ROLLS: 'groups',
  BAD_TRIGGER: 'trigger',
};

/** As it is hashed: normal form C, line feeds only, no space around it. */
function tidy(text: string): string {
  return toNormal(text.replace(/\r\n?/g, '\n')).trim();
}
