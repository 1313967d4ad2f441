/** From what an author typed to the statement that is hashed. Pure: time, nonce and rolls are handed in. */
import type { Platform } from '#lib/api/shapes.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { type RollHeader, rollHash } from '#lib/protocol/member/roll.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { parseJson } from '#lib/protocol/messages/json.ts';
import { findDeceptive } from '#lib/protocol/messages/visible-text.ts';
import {
  checkShownTexts,
  checkStatement,
  findUnwieldy,
  type Statement,
  type StatementContext,
  type StatementFailure,
  VERSION,
} from '#lib/protocol/statement/statement.ts';
import { checkTrigger, type Trigger, totalOf } from '#lib/protocol/statement/trigger.ts';
import type { Draft, DraftField, Problem } from './draft.ts';
import { type LocalTime, readLocalTime } from './local-time.ts';

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
  const trigger = readTrigger(draft, headers);
  if (headers.length > 0 && !trigger.ok) note('trigger', trigger.detail ?? 'This condition cannot be used.');
  const times = readTimes(draft, setting, note);
  checkCommittee(draft, note);
  if (problems.length > 0 || !trigger.ok || times === null) return { ok: false, problems };

  const statement: Statement = {
    version: VERSION,
    nonce: setting.nonce,
    text: [{ language: draft.language, title, body }],
    trigger: trigger.value,
    ...times,
    count: 'public',
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
  };
  const context = checkStatement(statement, headers);
  if (!context.ok) return { ok: false, problems: [{ field: FIELD_OF[context.code], text: sentence(context.detail ?? context.code) }] };
  const texts = checkShownTexts(statement);
  if (!texts.ok) return { ok: false, problems: [{ field: 'committee', text: sentence(texts.detail ?? texts.code) }] };
  return { ok: true, context: context.value, headers };
}

/** The trigger that a draft asks for, judged against the rolls chosen; the detail of a refusal is a sentence for the author. */
export function readTrigger(draft: Draft, headers: readonly RollHeader[]): Checked<Trigger, 'BAD_TRIGGER'> {
  const sizes = new Map(headers.map((header) => [groupId(header.group), header.size]));
  const trigger = buildTrigger(draft, headers);
  if (!trigger.ok) return trigger;
  const members = totalOf(sizes);
  if (draft.triggerKind === 'total' && 'count' in trigger.value && (trigger.value.count as number) > members)
    return refuse('BAD_TRIGGER', `The groups you chose have ${members} members in all, so ${trigger.value.count} can never sign.`);
  const checked = checkTrigger(trigger.value, sizes);
  return checked.ok ? checked : refuse('BAD_TRIGGER', sentence(checked.detail ?? 'this condition cannot be used'));
}

function buildTrigger(draft: Draft, headers: readonly RollHeader[]): Checked<Trigger, 'BAD_TRIGGER'> {
  if (draft.triggerKind === 'json') {
    const json = parseJson(draft.triggerJson);
    return json.ok ? accept(json.value as Trigger) : refuse('BAD_TRIGGER', 'This is not JSON.');
  }
  if (draft.triggerKind === 'total') {
    const count = readCount(draft.total);
    return count === null ? refuse('BAD_TRIGGER', 'Say how many have to sign: a whole number, 1 or more.') : accept({ count });
  }
  const parts: { group: Hex32; count: number }[] = [];
  for (const header of headers) {
    const group = groupId(header.group);
    const typed = (draft.perGroup[group] ?? '').trim();
    if (typed === '' || typed === '0') continue;
    const count = readCount(typed);
    if (count === null) return refuse('BAD_TRIGGER', `Say how many of “${header.group.name}” have to sign: a whole number.`);
    if (count > header.size)
      return refuse('BAD_TRIGGER', `“${header.group.name}” has ${header.size} members, so ${count} of them can never sign.`);
    parts.push({ group, count });
  }
  const [first, ...others] = parts;
  if (!first) return refuse('BAD_TRIGGER', 'Say for at least one group how many of it have to sign.');
  return accept(others.length === 0 ? first : { all: parts });
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
        `“${header.group.name}” has ${header.size} members. A statement needs groups of at least ${platform.anonymityFloor}, because fewer can hide nobody.`,
      );
  return headers;
}

type Times = Pick<Statement, 'openBy' | 'deadline' | 'grace' | 'cadence' | 'mergeDelay' | 'clockSkew'>;

function readTimes(
  draft: Draft,
  { platform, now, timeZone }: ComposeSetting,
  note: (field: DraftField, text: string) => void,
): Times | null {
  const { graceSeconds: grace, cadenceSeconds: cadence } = draft;
  const chosen = readLocalTime(draft.deadline, timeZone);
  const deadline = chosen?.kind === 'moment' ? chosen.at : null;
  if (chosen === null) note('deadline', 'Choose a day and a time.');
  else if (chosen.kind !== 'moment') note('deadline', describeChange(draft.deadline, chosen));
  if (deadline === null) return null;
  if (deadline < now + SHORTEST_SECONDS) note('deadline', 'The deadline has passed, or is too near for anybody to sign.');
  if (grace < platform.graceMargin) note('grace', 'The trustees here need more time than that after the deadline.');
  const slack = grace - cadence;
  if (slack < 5) note('grace', 'Signatures are published too seldom for so short a time after the deadline. Choose a longer one.');
  if (deadline < now + SHORTEST_SECONDS || grace < platform.graceMargin || slack < 5) return null;
  const keyTime = platform.trial ? KEY_TIME.trial : KEY_TIME.earnest;
  return {
    openBy: now + Math.min(keyTime, Math.floor((deadline - now) / 2)),
    deadline,
    grace,
    cadence,
    mergeDelay: cadence + Math.min(600, Math.floor(slack / 3)),
    clockSkew: Math.min(300, Math.floor(slack / 5)),
  };
}

function describeChange(value: string, { kind, from, to }: Exclude<LocalTime, { kind: 'moment' }>): string {
  const time = value.slice(11, 16);
  return kind === 'skipped'
    ? `On this day clocks are put on from ${from} to ${to}, so ${time} does not come. Choose another time.`
    : `On this day clocks are put back from ${from} to ${to}, so ${time} comes twice. Choose a time before ${to}, or from ${from} on.`;
}

function checkCommittee(draft: Draft, note: (field: DraftField, text: string) => void): void {
  if (draft.trustees.length < 2) note('committee', 'Choose at least two trustees: one alone could read every name.');
  else if (draft.threshold < 2 || draft.threshold > draft.trustees.length)
    note('committee', `From 2 to ${draft.trustees.length} of the trustees you chose can be needed to open the seals.`);
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
  return text.replace(/\r\n?/g, '\n').normalize('NFC').trim();
}

function readCount(text: string): number | null {
  const trimmed = text.trim();
  return /^[1-9]\d{0,8}$/.test(trimmed) ? Number(trimmed) : null;
}

/** A detail as a sentence of its own. */
function sentence(detail: string): string {
  return `${detail.charAt(0).toUpperCase()}${detail.slice(1)}${/[.!?]$/.test(detail) ? '' : '.'}`;
}
