// SPEC §13: what the anonymous routes answer. Shapes are strict; whether what they hold is true is for the caller to check.
import { z } from 'zod';
import { listedCheckpointShape } from '#lib/protocol/board/checkpoint.ts';
import { bodyShape } from '#lib/protocol/board/listed.ts';
import { messageReceiptShape, receiptShape } from '#lib/protocol/board/receipt.ts';
import { sealedAnswerShape } from '#lib/protocol/challenge/answer.ts';
import { challengeShape } from '#lib/protocol/challenge/challenge.ts';
import { commitShape, complaintShape, confirmShape, dealShape } from '#lib/protocol/key/key-messages.ts';
import { groupShape } from '#lib/protocol/member/group.ts';
import { endedKeyShape } from '#lib/protocol/member/key-end.ts';
import { MOST_ROLLS_A_DAY, rollHeaderShape } from '#lib/protocol/member/roll.ts';
import { hex32, positive, trusteeIndex, unixTime } from '#lib/protocol/messages/shape.ts';
import { trusteeMessageShape } from '#lib/protocol/messages/trustee-message.ts';
import { groupPolicyShape, openedByShape } from '#lib/protocol/permit/group-policy.ts';
import { permitShape } from '#lib/protocol/permit/permit.ts';
import { trusteePolicyShape } from '#lib/protocol/permit/trustee-policy.ts';
import { mixListShape } from '#lib/protocol/reveal/mix.ts';
import { MOST_PLATFORM_KEYS, platformSuccessorShape } from '#lib/protocol/statement/platform-successor.ts';
import { statementShape, trusteeShape } from '#lib/protocol/statement/statement.ts';
import { domainStateShape } from './asker-domain.ts';

/** Challenges to one group that a platform keeps open at a time. SPEC §14.5. */
export const MOST_OPEN_CHALLENGES = 200;

const count = z.int().min(0);
const cursor = z.int().min(0);

const stateShape = z.enum(['keying', 'aborted', 'open', 'closed', 'revealed', 'unvouched', 'unopened', 'destroyed']);

/** `work`: the bits of a stamp (work-stamp.ts) with which the same request would be taken. */
export const errorShape = z.object({
  error: z.object({ code: z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'expected a code'), message: z.string(), work: positive.optional() }),
});

export const platformShape = z.strictObject({
  version: positive,
  /** The platform's Ed25519 key. */
  key: hex32,
  /** Of the current proving key: what a new statement must name. */
  verificationKey: hex32,
  setup: hex32,
  setupKind: z.enum(['dev', 'ceremony']),
  /** All trustees run on the platform's own machine. */
  trial: z.boolean(),
  time: unixTime,
  /** The trustees that the platform's operator suggests for committees. */
  trustees: z.array(trusteeShape),
  /** What these have signed that they take on, one of each at most: whoever relies on it checks it. SPEC §5.12. */
  policies: z.array(trusteePolicyShape).optional(),
  /** Seconds of grace that these trustees ask for beyond what a statement needs for mixing. SPEC §5.3. */
  graceMargin: z.int().min(0),
  anonymityFloor: positive,
  /** How the key came to be, where it has changed: each key's word for the next. SPEC §13.8. */
  successions: z.array(platformSuccessorShape).max(MOST_PLATFORM_KEYS).optional(),
});
export type Platform = z.infer<typeof platformShape>;

export const statementSummaryShape = z.strictObject({
  id: hex32,
  title: z.string(),
  language: z.string(),
  state: stateShape,
  openBy: unixTime,
  deadline: unixTime,
  /** The least number of signatures with which the trigger can be met. */
  needed: positive,
  /** Live signatures. */
  count,
  /** Names opened. */
  revealed: count,
});
export type StatementSummary = z.infer<typeof statementSummaryShape>;

export const statementListShape = z.strictObject({
  statements: z.array(statementSummaryShape),
  /** Hand it in as `before` to read on; absent at the end. */
  next: z.string().optional(),
});
export type StatementList = z.infer<typeof statementListShape>;

/** What a list of statements can be narrowed to. Those of which names are open are also ended once they are. */
export const STANDINGS = ['open', 'revealed', 'ended'] as const;
/** Characters of what is looked for in titles. */
export const LONGEST_SEARCH = 100;

/** What a feed tells of. */
export const FEED_KINDS = ['new', 'revealed', 'ended'] as const;
export type FeedKind = (typeof FEED_KINDS)[number];

export const statementIdShape = z.strictObject({ id: hex32 });

/** A statement, and the permit of the member who opens it. */
export const statementOpeningShape = z.strictObject({ statement: statementShape, permit: permitShape });
export type StatementOpening = z.infer<typeof statementOpeningShape>;
/** `waits`: it is not open, but a draft that the issuer of the member's group looks at first. SPEC §5.11. */
export const openedShape = z.strictObject({ id: hex32, waits: z.literal(true).optional() });
export type OpenedAnswer = z.infer<typeof openedShape>;

/** What a committee-request for the permit is answered with: by whom a statement was opened, and of a member the permit while it is kept. */
export const permitAnswerShape = z.strictObject({ openedBy: openedByShape.optional(), permit: permitShape.optional() });
export type PermitAnswer = z.infer<typeof permitAnswerShape>;

/** All policies of a group, the first first, and the newest 200 refusals of drafts: by id, reason and the beginning of a day. */
export const policyAnswerShape = z.strictObject({
  policies: z.array(groupPolicyShape),
  refused: z.array(z.strictObject({ statement: hex32, reason: z.string(), day: unixTime })),
});
export type PolicyAnswer = z.infer<typeof policyAnswerShape>;

const keyMessageShape = z.discriminatedUnion('type', [commitShape, dealShape, complaintShape, confirmShape]);

export const statementAnswerShape = z.strictObject({
  id: hex32,
  statement: statementShape,
  rolls: z.array(rollHeaderShape),
  state: stateShape,
  /** By whom it was opened, on the platform's word. SPEC §5.10. */
  openedBy: openedByShape.optional(),
  keyGeneration: z.array(keyMessageShape),
  time: unixTime,
});
export type StatementAnswer = z.infer<typeof statementAnswerShape>;

export const signerListShape = z.strictObject({
  statement: hex32,
  groups: z.array(z.strictObject({ id: hex32, name: z.string() })),
  /** Each opened token once, ascending by `seat`; `name` is null where its issuer left none that can be read. */
  names: z.array(z.strictObject({ seat: hex32, group: hex32, name: z.string().nullable(), signatures: positive })),
});
export type SignerList = z.infer<typeof signerListShape>;

/** A trustee's message as a list has it; a step of a mix comes with its lists. */
const listedMessageShape = z.strictObject({
  cursor,
  message: trusteeMessageShape,
  lists: z.array(mixListShape).optional(),
});

/** What the public learns of a step or an opening before the reveal: that it was made. */
const withheldShape = z.strictObject({
  cursor,
  withheld: z.strictObject({ type: z.enum(['mix', 'opening']), trustee: trusteeIndex, wave: positive, step: positive.optional() }),
});

/** Of which life of the platform's database its cursors are, and after which one this begins: another than was asked for, where that was of another life. */
const listStart = { epoch: hex32, after: cursor };

export const messageListShape = z.strictObject({ ...listStart, messages: z.array(z.union([listedMessageShape, withheldShape])) });
export type MessageList = z.infer<typeof messageListShape>;

/** What a committee-request for messages is answered with: nothing is withheld. */
export const committeeMessagesShape = z.strictObject({ ...listStart, messages: z.array(listedMessageShape) });
export type CommitteeMessages = z.infer<typeof committeeMessagesShape>;

export const acceptedShape = z.strictObject({ receipt: messageReceiptShape });

const rangeShape = z.strictObject({ from: positive, to: positive, hash: hex32 });
/** Checkpoints from one number to another, and the hash of the last: with the first number it determines all that they hold. */
export type BoardRange = z.infer<typeof rangeShape>;

export const boardIndexShape = z.strictObject({
  /** The number of the newest checkpoint; 0 on an empty board. */
  head: count,
  segments: z.array(rangeShape).max(1_000),
});
export type BoardIndex = z.infer<typeof boardIndexShape>;

export const boardSegmentShape = z.strictObject({ checkpoints: z.array(listedCheckpointShape) });

/** What a committee-request for the board is answered with: checkpoints after a number, each with its entries and salts in listed order. */
export const committeeBoardShape = z.strictObject({
  /** The number of the newest checkpoint; 0 on an empty board. */
  head: count,
  checkpoints: z.array(z.strictObject({ checkpoint: listedCheckpointShape, bodies: z.array(bodyShape) })),
});
export type CommitteeBoard = z.infer<typeof committeeBoardShape>;

export const receiptAnswerShape = z.strictObject({ receipt: receiptShape });

export const trusteeStatementsShape = z.strictObject({ ...listStart, statements: z.array(z.strictObject({ cursor, id: hex32 })) });
export type TrusteeStatements = z.infer<typeof trusteeStatementsShape>;

/** `ready`: the database answers, so that this process can do its work. */
export const healthShape = z.strictObject({ live: z.literal(true), ready: z.boolean() });
export type Health = z.infer<typeof healthShape>;

/**
 * A group with what its newest roll says; without one yet, size and number are 0 and time is when it was claimed. `ended`: its issuer's
 * key has ended (SPEC §4.8), so that nothing new is made of it.
 */
export const groupSummaryShape = z.strictObject({
  id: hex32,
  group: groupShape,
  size: count,
  number: count,
  time: unixTime,
  ended: z.literal(true).optional(),
});
export type GroupSummary = z.infer<typeof groupSummaryShape>;
/** By name. `next`: the `after` of the page after; absent at the end. */
export const groupListShape = z.strictObject({ groups: z.array(groupSummaryShape), next: hex32.optional() });
/** What an author has to choose from: the first page of groups, and those that are chosen already, which may stand on another. */
export type GroupChoices = GroupList & { chosen: GroupSummary[] };
export type GroupList = z.infer<typeof groupListShape>;

/** Rolls of a group that one answer holds: no more are needed to know when the next one may come. */
export const MOST_LISTED_ROLLS = MOST_ROLLS_A_DAY;

/** `next`: the `before` of the page with older rolls; absent at the first. `contact`: how the issuer says that members reach it. */
export const groupAnswerShape = z.strictObject({
  id: hex32,
  group: groupShape,
  rolls: z.array(rollHeaderShape),
  next: positive.optional(),
  contact: z.string().optional(),
});
export type GroupAnswer = z.infer<typeof groupAnswerShape>;

/** Keys of issuers that have ended, the same for everybody. `next`: where to go on; absent at the end. */
export const endedKeyListShape = z.strictObject({ keys: z.array(endedKeyShape), next: cursor.optional() });
export type EndedKeyList = z.infer<typeof endedKeyListShape>;

/** What the operator decided about a statement or a group. `day`: Unix seconds at its beginning. */
const decisionShape = z.strictObject({
  kind: z.enum(['statement', 'group']),
  subject: hex32,
  action: z.enum(['hide', 'refuse', 'show']),
  reason: z.string().min(1),
  day: unixTime,
});
export type Decision = z.infer<typeof decisionShape>;

/** Every decision in the order in which they were taken, the same for everybody. `next`: where to go on; absent at the end. */
export const decisionListShape = z.strictObject({ decisions: z.array(decisionShape), next: cursor.optional() });
export type DecisionList = z.infer<typeof decisionListShape>;

/** A challenge with the headers of its rolls. `made`: how many challenges of this asker's key the platform has had, this one included. */
export const challengeAnswerShape = z.strictObject({
  challenge: challengeShape,
  rolls: z.array(rollHeaderShape),
  made: positive,
  /** Where the asker's name is a domain. */
  domain: domainStateShape.optional(),
  time: unixTime,
});
export type ChallengeAnswer = z.infer<typeof challengeAnswerShape>;

/** The challenges to a group that can still be answered, by the time when they expire. */
export const challengeListShape = z.strictObject({
  challenges: z
    .array(z.strictObject({ challenge: challengeShape, made: positive, domain: domainStateShape.optional() }))
    .max(MOST_OPEN_CHALLENGES),
});
export type ChallengeList = z.infer<typeof challengeListShape>;

/** Encrypted answers, ascending by hash. `next`: where to go on; absent at the end. */
export const sealedAnswersShape = z.strictObject({ answers: z.array(sealedAnswerShape), next: hex32.optional() });
export type SealedAnswers = z.infer<typeof sealedAnswersShape>;

export const emptyShape = z.strictObject({});
