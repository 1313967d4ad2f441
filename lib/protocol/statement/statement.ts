// SPEC §5: the statement, its hash and its checks

import { bytesToHex } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { groupId } from '../member/group.ts';
import { type RollHeader, rollHash } from '../member/roll.ts';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { isPublicKey } from '../messages/ed25519.ts';
import { fieldFromHash, type Hex32, hashBytes } from '../messages/hash.ts';
import { checkShape, hex32, languageTag, plainText, positive, unixTime } from '../messages/shape.ts';
import { findDeceptive } from '../messages/visible-text.ts';
import type { Field } from '../numbers/field.ts';
import { readBody } from './body.ts';
import { type Counts, checkTrigger, totalOf, triggerShape } from './trigger.ts';

/** The version of the protocol that stands in every statement and record. */
export const VERSION = 2;
/** The most members that all rolls of a statement may have together. SPEC §5.3. */
export const MOST_MEMBERS = 262_144;
const DAY = 86_400;
/** Seconds by which the merge delay exceeds the cadence: at least, unless the cadence is 0, and at most. SPEC §5.3. */
const LEAST_SLACK = 600;
const MOST_SLACK = 3600;

export const trusteeShape = z.strictObject({ name: plainText(100), contact: plainText(200), key: hex32 });
/** How a trustee presents itself: to the platform, and in the committee of every statement it serves. */
export type TrusteeDescriptor = z.infer<typeof trusteeShape>;

/** One roll for each group, ascending by group id. */
export const rollListShape = z
  .array(z.strictObject({ group: hex32, roll: hex32 }))
  .min(1)
  .max(64);
type RollList = z.infer<typeof rollListShape>;

export const statementShape = z.strictObject({
  version: z.literal(VERSION),
  /** 32 random bytes, so that the same text opened twice has unrelated nullifiers. */
  nonce: hex32,
  /** The text in all its languages; the first is the one that the author wrote. Body in Markdown. */
  text: z
    .array(
      z.strictObject({
        language: languageTag,
        title: plainText(200).refine((text) => !text.includes('\n'), 'a title is one line'),
        body: plainText(20_000),
      }),
    )
    .min(1)
    .max(16),
  trigger: triggerShape,
  /** The key must be made by then, or the statement is aborted. Signing begins as soon as it is. */
  openBy: unixTime,
  deadline: unixTime,
  /** Seconds after the deadline during which trustees still open; then they destroy their shares. */
  grace: z
    .int()
    .min(1)
    .max(365 * DAY),
  /** Seconds between checkpoints; 0 publishes at once. */
  cadence: z
    .int()
    .min(0)
    .max(7 * DAY),
  /** Seconds within which an accepted signature must be on the board. */
  mergeDelay: z
    .int()
    .min(1)
    .max(30 * DAY),
  /** Seconds by which clocks may differ. */
  clockSkew: z.int().min(0).max(DAY),
  /** b: the fewest names of one group that open in one wave. */
  together: z.int().min(1).max(1000),
  /** Seconds that a trustee gives another to make its step of a mix, beside 20 ms an item. */
  stepTime: z.int().min(1).max(600),
  rolls: rollListShape,
  committee: z.strictObject({ threshold: positive, trustees: z.array(trusteeShape).min(1).max(16) }),
  /** The platform's Ed25519 key: it signs receipts, checkpoints and the end of the record. */
  platform: hex32,
  /** The hash of the Groth16 verification key, and of the summary of the ceremony that made it. SPEC §8.2. */
  verificationKey: hex32,
  setup: hex32,
  /** The id of a statement that this one claims to revise. Nobody proves it: it says nothing of who wrote either. */
  revises: hex32.optional(),
});
export type Statement = z.infer<typeof statementShape>;
export type StatementFailure = 'BAD_SHAPE' | 'BAD_TIMES' | 'BAD_TEXT' | 'BAD_COMMITTEE' | 'BAD_PLATFORM' | 'BAD_ROLLS' | 'BAD_TRIGGER';

/**
 * A statement that was checked together with its rolls, and what follows from it. Everything that verifies messages of the
 * statement takes its expectations from here, never from the message.
 */
export type StatementContext = {
  statement: Statement;
  /** The hash in hex: the statement's name everywhere. */
  id: Hex32;
  /** The first 31 bytes of the hash: the `scope` of the circuit. */
  scope: Field;
  /** The statement's roll headers by group id. */
  rolls: ReadonlyMap<Hex32, RollHeader>;
  /** Members by group id. */
  sizes: Counts;
};

export function statementId(statement: Statement): Hex32 {
  return bytesToHex(hashBytes('statement', statement));
}

export function scopeOf(statement: Statement): Field {
  return fieldFromHash(hashBytes('statement', statement));
}

/**
 * Checks a statement against the headers of its rolls, which must have passed `checkRollHeader`: shape, times, languages,
 * committee, one roll a group and each the one that the statement names by hash, a trigger that can be met. Whether the
 * groups are large enough to hide anybody is `crowdWarnings`; whether now is the time is the caller's business. SPEC §5.3.
 */
export function checkStatement(value: unknown, headers: readonly RollHeader[]): Checked<StatementContext, StatementFailure> {
  const shaped = checkShape(statementShape, value);
  if (!shaped.ok) return shaped;
  const statement = shaped.value;
  const fault = findTimeFault(statement) ?? findTextFault(statement) ?? findPartyFault(statement);
  if (fault !== null) return fault;
  const rolls = matchRolls(statement.rolls, headers);
  if (!rolls.ok) return rolls;
  const sizes = new Map([...rolls.value].map(([group, header]) => [group, header.size]));
  if (statement.grace < leastGrace(statement, totalOf(sizes)))
    return refuse(
      'BAD_TIMES',
      `the grace must be at least ${leastGrace(statement, totalOf(sizes))} s, so that every wave can be mixed and opened`,
    );
  const trigger = checkTrigger(statement.trigger, sizes, statement.together);
  if (!trigger.ok) return trigger;
  return accept({ statement, id: statementId(statement), scope: scopeOf(statement), rolls: rolls.value, sizes });
}

/** Longer than any tag that means a language; a tag has no bound of its own. */
const LONGEST_TAG = 35;

/**
 * Whether the texts of a new statement show what they say, and are shown whole by everybody: asked of statements that are written
 * or opened, never of those in a record. SPEC §5.3.
 */
export function checkShownTexts({ text, committee }: Statement): Checked<null, 'BAD_TEXT'> {
  for (const { language } of text) if (language.length > LONGEST_TAG) return refuse('BAD_TEXT', 'a language tag is too long');
  const texts = [
    ...text.map(({ title }) => ['the title', title] as const),
    ...text.map(({ body }) => ['the text', body] as const),
    ...committee.trustees.flatMap(({ name, contact }) => [
      ['the name of a trustee', name] as const,
      ['the contact of a trustee', contact] as const,
    ]),
  ];
  for (const [what, shown] of texts) {
    const fault = findDeceptive(shown) ?? (what === 'the text' ? findUnwieldy(shown) : null);
    if (fault !== null) return refuse('BAD_TEXT', `${what} ${fault}`);
  }
  return accept(null);
}

/** Why a new body must not be so deep or so full of marks; the rest of a sentence that begins with “the text”, or null. SPEC §5.6. */
export function findUnwieldy(body: string): string | null {
  return readBody(body).isCut ? 'has more quotations and lists one inside another, or more marks in all, than are shown' : null;
}

/** When trustees destroy their shares: deadline + grace, Unix seconds. SPEC §11. */
export function destructionTime(statement: Statement): number {
  return statement.deadline + statement.grace;
}

/**
 * The least grace of a statement, in seconds: what is still to be published after the deadline, then k(k + 1) turns of making
 * and opening a step of the largest wave, then the waves that are side by side. `members` is the number in all rolls.
 * 1000·grace ≥ 1000·(mergeDelay + clockSkew) + k(k + 1)·(1000·stepTime + 20·M) + ⌈200·M/b⌉. SPEC §5.3.
 */
export function leastGrace(
  s: Pick<Statement, 'mergeDelay' | 'clockSkew' | 'stepTime' | 'together'> & { committee: { threshold: number } },
  members: number,
): number {
  const k = s.committee.threshold;
  const turns = k * (k + 1) * (1000 * s.stepTime + 20 * members);
  return Math.ceil((1000 * (s.mergeDelay + s.clockSkew) + turns + Math.ceil((200 * members) / s.together)) / 1000);
}

/** Whether a statement leaves `margin` seconds more than the least grace, as platforms and trustees ask. SPEC §5.3. */
export function hasGraceMargin({ statement, sizes }: Pick<StatementContext, 'statement' | 'sizes'>, margin: number): boolean {
  return statement.grace >= leastGrace(statement, totalOf(sizes)) + margin;
}

/** Until when a checkpoint may be cosigned: deadline + merge delay + clock skew, Unix seconds. SPEC §9.6. */
export function lastCosignTime(statement: Statement): number {
  return statement.deadline + statement.mergeDelay + statement.clockSkew;
}

/**
 * q = ⌈(n + k)/2⌉, the different trustees that make a checkpoint final: with n ≥ 3k − 2 any two quorums share k trustees, hence
 * an honest one, and q remain when k − 1 are silent. SPEC §9.5.
 */
export function quorumOf({ committee }: { committee: { threshold: number; trustees: { length: number } } }): number {
  const { threshold, trustees } = committee;
  return Math.ceil((trustees.length + threshold) / 2);
}

type Refusal = { ok: false; code: StatementFailure; detail?: string };

function findTimeFault(s: Statement): Refusal | null {
  if (s.openBy >= s.deadline) return refuse('BAD_TIMES', 'the deadline must come after the time by which the key is made');
  if (destructionTime(s) > 253_402_300_799) return refuse('BAD_TIMES', 'the deadline is too far away');
  if (s.cadence > 0 && s.mergeDelay < s.cadence + LEAST_SLACK)
    return refuse('BAD_TIMES', `the merge delay must be at least ${LEAST_SLACK} s longer than the cadence`);
  if (s.mergeDelay > s.cadence + MOST_SLACK)
    return refuse('BAD_TIMES', `the merge delay must be at most ${MOST_SLACK} s longer than the cadence`);
  return null;
}

function findTextFault(s: Statement): Refusal | null {
  const languages = s.text.map((text) => text.language.toLowerCase());
  return new Set(languages).size === languages.length ? null : refuse('BAD_TEXT', 'a language stands twice');
}

function findPartyFault(s: Statement): Refusal | null {
  const { threshold, trustees } = s.committee;
  if (threshold < 2) return refuse('BAD_COMMITTEE', 'the threshold must be at least 2');
  if (trustees.length < 3 * threshold - 2)
    return refuse('BAD_COMMITTEE', `a threshold of ${threshold} needs at least ${3 * threshold - 2} trustees`);
  if (new Set(trustees.map((trustee) => trustee.key)).size !== trustees.length) return refuse('BAD_COMMITTEE', 'a trustee stands twice');
  if (!trustees.every((trustee) => isPublicKey(trustee.key))) return refuse('BAD_COMMITTEE', 'a trustee key is not an Ed25519 key');
  return isPublicKey(s.platform) ? null : refuse('BAD_PLATFORM', 'the platform key is not an Ed25519 key');
}

/**
 * The headers that a list names, by group id: groups ascend, each header has the hash of its place and is of its group, none is
 * left over, and together they have at most `MOST_MEMBERS`. Headers must have passed `checkRollHeader`. SPEC §5.3.
 */
export function matchRolls(list: RollList, headers: readonly RollHeader[]): Checked<Map<Hex32, RollHeader>, 'BAD_ROLLS'> {
  const byHash = new Map(headers.map((header) => [rollHash(header), header]));
  const rolls = new Map<Hex32, RollHeader>();
  let before = '';
  for (const { group, roll } of list) {
    const header = byHash.get(roll);
    if (group <= before) return refuse('BAD_ROLLS', 'groups must be distinct and ascending by id');
    if (!header) return refuse('BAD_ROLLS', `the roll ${roll.slice(0, 12)}… is missing`);
    if (groupId(header.group) !== group) return refuse('BAD_ROLLS', `the roll ${roll.slice(0, 12)}… belongs to another group`);
    rolls.set(group, header);
    before = group;
  }
  if (headers.length !== rolls.size) return refuse('BAD_ROLLS', 'there are rolls that nobody named');
  const members = [...rolls.values()].reduce((sum, header) => sum + header.size, 0);
  return members <= MOST_MEMBERS
    ? accept(rolls)
    : refuse('BAD_ROLLS', `the rolls have ${members} members, at most ${MOST_MEMBERS} may stand together`);
}
