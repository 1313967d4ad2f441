// SPEC §13: the routes of issuers as functions. The session cookie goes with them, and only with them.

import type { KeyEnd } from '#lib/protocol/member/key-end.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { canonicalJson, type Json } from '#lib/protocol/messages/json.ts';
import type { Shape } from '#lib/protocol/messages/shape.ts';
import type { GroupPolicy } from '#lib/protocol/permit/group-policy.ts';
import type { Statement } from '#lib/protocol/statement/statement.ts';
import type { GroupClaim } from './group-claim.ts';
import type { IssuerProfile } from './issuer-profile.ts';
import {
  type ClerkList,
  clerkAskedShape,
  clerkListShape,
  type DraftDecision,
  type DraftList,
  draftListShape,
  type EnrolmentList,
  enrolmentListShape,
  groupIdShape,
  type IssuerLog,
  invitedShape,
  issuerLogShape,
  type PasskeyList,
  type PasskeyQuestion,
  passkeyListShape,
  passkeyQuestionShape,
  policyNumberShape,
  profileAnswerShape,
  publishedShape,
  type SessionList,
  sessionListShape,
  sessionShape,
  withdrawnShape,
} from './issuer-shapes.ts';
import { readPages } from './pages.ts';
import { type Call, type CallOptions, type Fetch, queryOf, readAnswer, request } from './request.ts';
import { type GroupSummary, groupListShape, statementIdShape } from './shapes.ts';

/** Every function throws `ApiError`, among others with the code NOT_SIGNED_IN, or the reason of `options.signal`. */
export type IssuerApi = {
  /** Has a sign-in link mailed. The answer tells nothing of whether there is an account. */
  mailLink(address: string, options?: CallOptions): Promise<void>;
  /** Signs in with the token of a one-time link. */
  signIn(token: string, options?: CallOptions): Promise<void>;
  signOut(options?: CallOptions): Promise<void>;
  /** Ends all sessions of the account, in every browser. */
  signOutEverywhere(options?: CallOptions): Promise<void>;
  /** The sessions of the account, newest first. `activeAt` is exact to ten minutes. */
  listSessions(options?: CallOptions): Promise<SessionList['sessions']>;
  /** Ends one of them, in whichever browser it is. */
  endSession(id: string, options?: CallOptions): Promise<void>;
  /** What a browser asks its authenticator, for signing in with a passkey and for adding one; answers go back as JSON texts. */
  askForEntry(options?: CallOptions): Promise<PasskeyQuestion>;
  enterByPasskey(response: string, options?: CallOptions): Promise<void>;
  askForPasskey(options?: CallOptions): Promise<PasskeyQuestion>;
  addPasskey(response: string, options?: CallOptions): Promise<void>;
  listPasskeys(options?: CallOptions): Promise<PasskeyList['passkeys']>;
  removePasskey(id: string, options?: CallOptions): Promise<void>;
  /** Who administers the issuer, this clerk included; and what any of them changed, newest first. */
  listClerks(options?: CallOptions): Promise<ClerkList['clerks']>;
  listChanges(options?: CallOptions): Promise<IssuerLog['entries']>;
  /** Has a mail ask whoever reads the address to administer the issuer too. @returns the number that they will have */
  askClerk(address: string, options?: CallOptions): Promise<{ number: number }>;
  removeClerk(id: string, options?: CallOptions): Promise<void>;
  /** Whom this browser has signed in. Later calls are for that issuer alone, until somebody signs in or out by this client. */
  getSession(options?: CallOptions): Promise<{ issuer: { id: string } }>;
  /** What the issuer of a key says of itself; null for nothing yet. */
  getProfile(key: Hex32, options?: CallOptions): Promise<IssuerProfile | null>;
  saveProfile(key: Hex32, profile: IssuerProfile, options?: CallOptions): Promise<void>;
  /** Ends a key of which the account keeps groups: by its signed word, or, without one, as revoked on the account's word alone. Idempotent. */
  endKey(key: Hex32, message: KeyEnd | null, options?: CallOptions): Promise<void>;
  listGroups(options?: CallOptions): Promise<GroupSummary[]>;
  /** See `signGroupClaim`. Idempotent. */
  claimGroup(claim: GroupClaim, options?: CallOptions): Promise<{ id: Hex32 }>;
  /** See `enrolmentTicket`. Any number of them, in several requests. Idempotent. */
  addInvitations(group: Hex32, tickets: readonly Hex32[], options?: CallOptions): Promise<{ added: number }>;
  /** Those that were not answered yet. */
  withdrawInvitations(group: Hex32, tickets: readonly Hex32[], options?: CallOptions): Promise<{ withdrawn: number }>;
  /** Every invitation of a group; with `accepted`, only those that were answered and that no roll has taken in. */
  listEnrolments(group: Hex32, options?: CallOptions & { state?: 'accepted' }): Promise<EnrolmentList['enrolments']>;
  /** Opens a statement that names a group of the account, in its issuer's name. The same again changes nothing. */
  openStatement(statement: Statement, options?: CallOptions): Promise<{ id: Hex32 }>;
  /** See `signGroupPolicy`. Idempotent. */
  publishPolicy(group: Hex32, policy: GroupPolicy, options?: CallOptions): Promise<{ number: number }>;
  /** Statements of members that wait for approval; what is refused is public by id and reason, never by its text. */
  listDrafts(group: Hex32, options?: CallOptions): Promise<DraftList['drafts']>;
  decideDraft(group: Hex32, decision: DraftDecision, options?: CallOptions): Promise<void>;
  /** Idempotent. */
  publishRoll(group: Hex32, roll: RollPublication, options?: CallOptions): Promise<{ hash: Hex32 }>;
};

/**
 * Leaves as canonical decimals in their places, the capsule file, in `enrolled` the tickets that the roll takes in, and in `between` the
 * headers of rolls before it that the platform had and has lost.
 */
export type RollPublication = {
  header: RollHeader;
  leaves: readonly string[];
  capsules: Uint8Array<ArrayBuffer>;
  enrolled: readonly Hex32[];
  between?: readonly RollHeader[];
};

/**
 * A client for a signed-in issuer of the platform at `base`, or of a page's own when empty.
 * @param fetch must keep cookies and send the platform's Origin, as browsers do
 */
export function createIssuerApi(base: string, fetch: Fetch): IssuerApi {
  const root = '/api/issuer';
  let account: string | undefined;
  const send = (call: Call) => request(base, fetch, 'same-origin', { account, ...call, path: root + call.path });
  const ask = async <T>(shape: Shape<T>, call: Call) => readAnswer(await send(call), shape);
  const tell = async (call: Call) => {
    void (await send(call)).body?.cancel().catch(() => {});
  };
  const change = async (call: Call) => {
    await tell({ ...call, account: undefined });
    account = undefined;
  };
  const getSession: IssuerApi['getSession'] = async (options) => {
    const session = await ask(sessionShape, { path: '/session', account: undefined, options });
    account = session.issuer.id;
    return session;
  };
  return {
    mailLink: (address, options) => tell({ method: 'POST', path: '/sign-in-mail', body: { address }, options }),
    signIn: (token, options) => change({ method: 'POST', path: '/session', body: { token }, options }),
    signOut: (options) => change({ method: 'DELETE', path: '/session', options }),
    signOutEverywhere: (options) => tell({ method: 'DELETE', path: '/sessions', options }),
    listSessions: async (options) => (await ask(sessionListShape, { path: '/sessions', options })).sessions,
    endSession: (id, options) => tell({ method: 'DELETE', path: `/sessions/${encodeURIComponent(id)}`, options }),
    askForEntry: async (options) => (await ask(passkeyQuestionShape, { path: '/passkey-entry/question', options })).options,
    enterByPasskey: (response, options) => change({ method: 'POST', path: '/passkey-entry', body: { response }, options }),
    askForPasskey: async (options) => (await ask(passkeyQuestionShape, { path: '/passkeys/question', options })).options,
    addPasskey: (response, options) => tell({ method: 'POST', path: '/passkeys', body: { response }, options }),
    listPasskeys: async (options) => (await ask(passkeyListShape, { path: '/passkeys', options })).passkeys,
    removePasskey: (id, options) => tell({ method: 'DELETE', path: `/passkeys/${encodeURIComponent(id)}`, options }),
    listClerks: async (options) => (await ask(clerkListShape, { path: '/clerks', options })).clerks,
    listChanges: async (options) => (await ask(issuerLogShape, { path: '/log', options })).entries,
    askClerk: (address, options) => ask(clerkAskedShape, { method: 'POST', path: '/clerks', body: { address }, options }),
    removeClerk: (id, options) => tell({ method: 'DELETE', path: `/clerks/${encodeURIComponent(id)}`, options }),
    getSession,
    getProfile: async (key, options) => (await ask(profileAnswerShape, { path: `/profiles/${key}`, options })).profile ?? null,
    saveProfile: (key, profile, options) => tell({ method: 'POST', path: `/profiles/${key}`, body: profile, options }),
    endKey: (key, message, options) =>
      tell({ method: 'POST', path: `/ended-keys/${key}`, body: message === null ? {} : { message }, options }),
    listGroups: async (options) =>
      (await readPages((after?: Hex32) => ask(groupListShape, { path: `/groups${queryOf({ after })}`, options }))).flatMap(
        ({ groups }) => groups,
      ),
    claimGroup: (claim, options) => ask(groupIdShape, { method: 'POST', path: '/groups', body: claim, options }),
    async addInvitations(group, tickets, options) {
      let added = 0;
      for (const part of inParts(tickets))
        added += (await ask(invitedShape, { method: 'POST', path: `/groups/${group}/invitations`, body: { tickets: part }, options }))
          .added;
      return { added };
    },
    async withdrawInvitations(group, tickets, options) {
      const call = { method: 'DELETE', path: `/groups/${group}/invitations`, options } as const;
      let withdrawn = 0;
      for (const part of inParts(tickets)) withdrawn += (await ask(withdrawnShape, { ...call, body: { tickets: part } })).withdrawn;
      return { withdrawn };
    },
    async listEnrolments(group, { state, ...options } = {}) {
      const path = `/groups/${group}/enrolments`;
      const pages = await readPages((after?: Hex32) => ask(enrolmentListShape, { path: path + queryOf({ state, after }), options }));
      return pages.flatMap(({ enrolments }) => enrolments);
    },
    openStatement: (statement, options) => ask(statementIdShape, { method: 'POST', path: '/statements', body: statement, options }),
    publishPolicy: (group, policy, options) =>
      ask(policyNumberShape, { method: 'POST', path: `/groups/${group}/policies`, body: policy, options }),
    listDrafts: async (group, options) => (await ask(draftListShape, { path: `/groups/${group}/drafts`, options })).drafts,
    decideDraft: (group, decision, options) => tell({ method: 'POST', path: `/groups/${group}/drafts`, body: decision, options }),
    publishRoll: (group, roll, options) =>
      ask(publishedShape, { method: 'POST', path: `/groups/${group}/rolls`, form: formOf(roll), isLong: true, options }),
  };
}

/** A platform takes 65,536 in one request, and a roster may hold more. */
const TICKETS_AT_ONCE = 20_000;

function inParts(tickets: readonly Hex32[]): Hex32[][] {
  const starts = Array.from({ length: Math.ceil(tickets.length / TICKETS_AT_ONCE) }, (_, i) => i * TICKETS_AT_ONCE);
  return starts.map((start) => tickets.slice(start, start + TICKETS_AT_ONCE));
}

/** The part `roll` is JSON as text, the part `capsules` a file of bytes. */
function formOf({ header, leaves, enrolled, capsules, between = [] }: RollPublication): FormData {
  const form = new FormData();
  form.set('roll', canonicalJson({ header, leaves, enrolled, ...(between.length > 0 ? { between } : {}) } as Json));
  form.set('capsules', new Blob([capsules], { type: 'application/octet-stream' }));
  return form;
}
