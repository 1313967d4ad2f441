// SPEC §13: what the routes of issuers answer
import { z } from 'zod';
import { hex32, plainText, positive } from '#lib/protocol/messages/shape.ts';
import { statementShape } from '#lib/protocol/statement/statement.ts';
import { profileShape } from './issuer-profile.ts';

const count = z.int().min(0);

/**
 * The id of the issuer whom a page shows. A browser has one session: where somebody signs in to another account in another tab, this
 * page must not go on in the name of that one.
 */
export const ACCOUNT_HEADER = 'Round-Robin-Account';
export const sessionShape = z.strictObject({ issuer: z.strictObject({ id: z.string() }) });
const seconds = z.int().min(0);
export const sessionListShape = z.strictObject({
  sessions: z.array(z.strictObject({ id: z.string(), startedAt: seconds, activeAt: seconds, isThis: z.boolean() })),
});
export type SessionList = z.infer<typeof sessionListShape>;
export const clerkListShape = z.strictObject({
  clerks: z.array(
    z.strictObject({
      id: z.string(),
      /** What the clerk is called; never given twice. */
      number: positive,
      /** The day on which they were asked, Unix seconds. */
      since: seconds,
      hasJoined: z.boolean(),
      isThis: z.boolean(),
    }),
  ),
});
export type ClerkList = z.infer<typeof clerkListShape>;
export const passkeyListShape = z.strictObject({ passkeys: z.array(z.strictObject({ id: z.string(), since: seconds })) });
export type PasskeyList = z.infer<typeof passkeyListShape>;
/** What a browser is to ask an authenticator, as WebAuthn has it. */
export const passkeyQuestionShape = z.strictObject({ options: z.looseObject({ challenge: z.string() }) });
export type PasskeyQuestion = z.infer<typeof passkeyQuestionShape>['options'];
export const clerkAskedShape = z.strictObject({ number: positive });
/** What is logged for the clerks of an issuer: `count` is how many were added or withdrawn, a roll's number, or another clerk's. */
const LOGGED_ACTIONS = [
  'group-claimed',
  'invitations-added',
  'invitations-withdrawn',
  'roll-published',
  'profile-saved',
  'key-replaced',
  'key-revoked',
  'policy-published',
  'draft-approved',
  'draft-refused',
  'clerk-asked',
  'clerk-joined',
  'clerk-removed',
  'passkey-added',
  'passkey-removed',
] as const;
export const issuerLogShape = z.strictObject({
  entries: z.array(
    z.strictObject({
      /** The hour, Unix seconds at its beginning. */
      at: seconds,
      /** The clerk's number; none for a program that signs with the issuer's key. */
      clerk: positive.optional(),
      action: z.enum(LOGGED_ACTIONS),
      group: hex32.optional(),
      count: count.optional(),
    }),
  ),
});
export type IssuerLog = z.infer<typeof issuerLogShape>;
export const profileAnswerShape = z.strictObject({ profile: profileShape.optional() });
export const groupIdShape = z.strictObject({ id: hex32 });
export const invitedShape = z.strictObject({ added: count });
export const withdrawnShape = z.strictObject({ withdrawn: count });
export const policyNumberShape = z.strictObject({ number: positive });
/** Statements of members that wait for the issuer's approval. */
export const draftListShape = z.strictObject({ drafts: z.array(z.strictObject({ id: hex32, statement: statementShape })) });
export type DraftList = z.infer<typeof draftListShape>;
/** `reason` becomes public, beside the id of the draft. */
export const decisionShape = z.discriminatedUnion('decision', [
  z.strictObject({ decision: z.literal('approve'), statement: hex32 }),
  z.strictObject({ decision: z.literal('refuse'), statement: hex32, reason: plainText(500) }),
]);
export type DraftDecision = z.infer<typeof decisionShape>;
export const publishedShape = z.strictObject({ hash: hex32 });

export const enrolmentListShape = z.strictObject({
  enrolments: z.array(
    z.strictObject({
      ticket: hex32,
      state: z.enum(['invited', 'accepted', 'enrolled', 'withdrawn']),
      /** What the member sent, for `openEnrolment`; only while the state is `accepted`. */
      id: hex32.optional(),
      ciphertext: z.string().optional(),
    }),
  ),
  /** The `after` of the page after; absent at the end. */
  next: hex32.optional(),
});
export type EnrolmentList = z.infer<typeof enrolmentListShape>;
