// SPEC §13: the anonymous routes as functions. Nobody is signed in here: no cookie and no referrer is ever sent.
import type { ListedCheckpoint } from '#lib/protocol/board/checkpoint.ts';
import type { CommitteeRequest } from '#lib/protocol/board/committee-request.ts';
import type { Body } from '#lib/protocol/board/listed.ts';
import type { MessageReceipt, Receipt } from '#lib/protocol/board/receipt.ts';
import { entryHash } from '#lib/protocol/board/signature.ts';
import { type SealedAnswer, sealedAnswerHash } from '#lib/protocol/challenge/answer.ts';
import type { AnswersRequest } from '#lib/protocol/challenge/answers-request.ts';
import { type Challenge, challengeId } from '#lib/protocol/challenge/challenge.ts';
import type { Enrolment } from '#lib/protocol/member/enrolment.ts';
import type { EndedKey } from '#lib/protocol/member/key-end.ts';
import { type RollHeader, rollHeaderShape } from '#lib/protocol/member/roll.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Shape } from '#lib/protocol/messages/shape.ts';
import type { TrusteeMessage } from '#lib/protocol/messages/trustee-message.ts';
import { permitHash } from '#lib/protocol/permit/permit.ts';
import { ApiError } from './api-error.ts';
import { readPages } from './pages.ts';
import { type Call, type CallOptions, type Fetch, queryOf, readAnswer, request } from './request.ts';
import {
  acceptedShape,
  type BoardIndex,
  type BoardRange,
  boardIndexShape,
  boardSegmentShape,
  type ChallengeAnswer,
  type ChallengeList,
  type CommitteeBoard,
  type CommitteeMessages,
  challengeAnswerShape,
  challengeListShape,
  committeeBoardShape,
  committeeMessagesShape,
  emptyShape,
  endedKeyListShape,
  type GroupAnswer,
  type GroupList,
  type GroupSummary,
  groupAnswerShape,
  groupListShape,
  type MessageList,
  messageListShape,
  type OpenedAnswer,
  openedShape,
  type PermitAnswer,
  type Platform,
  type PolicyAnswer,
  permitAnswerShape,
  platformShape,
  policyAnswerShape,
  receiptAnswerShape,
  type SealedAnswers,
  type StatementAnswer,
  type StatementList,
  type StatementOpening,
  sealedAnswersShape,
  statementAnswerShape,
  statementListShape,
  type TrusteeStatements,
  trusteeStatementsShape,
} from './shapes.ts';
import { ANSWER_WORK, CHALLENGE_WORK } from './work-stamp.ts';

/** Of a group's rolls: those with numbers below `before`, at most `most`, 1 to 100. */
export type RollWish = { before?: number; most?: number };

/**
 * The platform as seen from outside. Answers have the shape of the contract and nothing more is known of them: signatures,
 * hashes and proofs are for the caller to check. Every function throws `ApiError`, or the reason of `options.signal`.
 */
export type Api = {
  getPlatform(options?: CallOptions): Promise<Platform>;
  /** Newest first. `before` is the `next` of the page before. */
  listStatements(before?: string, options?: CallOptions): Promise<StatementList>;
  /** For a member: see `makePermit`. The same again changes nothing. */
  openStatement(opening: StatementOpening, options?: CallOptions): Promise<OpenedAnswer>;
  getStatement(id: Hex32, options?: CallOptions): Promise<StatementAnswer>;
  /** What came after a cursor, at most 200; 0 starts at the beginning. Steps and openings are withheld until the reveal. */
  listMessages(id: Hex32, after: number, options?: CallOptions): Promise<MessageList>;
  /** The same of one type: after a reveal steps and openings have many megabytes. */
  listMessagesOf(type: TrusteeMessage['type'], id: Hex32, after: number, options?: CallOptions): Promise<MessageList>;
  /** Idempotent: the same message again is accepted again. The receipt is for `checkMessageReceipt`. */
  postMessage(id: Hex32, message: TrusteeMessage, options?: CallOptions): Promise<MessageReceipt>;
  /** The same for the lines of a step of a mix: one for the message, and one for each of its lists. */
  postMix(id: Hex32, lines: readonly string[], options?: CallOptions): Promise<MessageReceipt>;
  /** Where to get the checkpoints after that number: at most 1,000 ranges, ascending. */
  getBoardIndex(id: Hex32, after: number, options?: CallOptions): Promise<BoardIndex>;
  /** What the platform, or a cache on the way, has for a range of the index. */
  getSegment(id: Hex32, range: BoardRange, options?: CallOptions): Promise<ListedCheckpoint[]>;
  /** Idempotent: the same entry and salt get the same receipt. */
  postSignature(id: Hex32, body: Body, options?: CallOptions): Promise<Receipt>;
  /** For the committee alone: the entries of checkpoints after `request.after`, as many as one answer holds. Never cached. */
  readSealedBoard(id: Hex32, request: CommitteeRequest, options?: CallOptions): Promise<CommitteeBoard>;
  /** For the committee alone: all messages after a cursor, steps and openings and one's own included. */
  readMessages(id: Hex32, request: CommitteeRequest, options?: CallOptions): Promise<CommitteeMessages>;
  /** For the committee alone: who opened the statement, with the permit while it is kept. */
  readPermit(id: Hex32, request: CommitteeRequest, options?: CallOptions): Promise<PermitAnswer>;
  /** For the committee alone: the capsule file of a roll, whole. */
  readCapsules(id: Hex32, request: CommitteeRequest, options?: CallOptions): Promise<Uint8Array>;
  /** The record as a stream of UTF-8 bytes, a message a line. */
  openRecord(id: Hex32, options?: CallOptions): Promise<ReadableStream<Uint8Array>>;
  listTrusteeStatements(key: Hex32, after: number, options?: CallOptions, epoch?: Hex32 | null): Promise<TrusteeStatements>;
  listGroups(options?: CallOptions): Promise<GroupSummary[]>;
  /** A page of the groups whose name or key holds each of these words. `after` is the `next` of the page before; a page may be empty and have one. */
  findGroups(search: string, after?: Hex32, options?: CallOptions): Promise<GroupList>;
  /** With its newest rolls, newest first, or those whose numbers are below `before`: see `readRolls`. */
  getGroup(id: Hex32, options?: CallOptions & RollWish): Promise<GroupAnswer>;
  /** Who may open statements for a group: every policy of its issuer, and what drafts it has refused. */
  getPolicies(id: Hex32, options?: CallOptions): Promise<PolicyAnswer>;
  /** Every key of an issuer that has ended, for `fateOf`: the same for everybody, so that asking tells nobody whose members one is. */
  listEndedKeys(options?: CallOptions): Promise<EndedKey[]>;
  getRoll(hash: Hex32, options?: CallOptions): Promise<RollHeader>;
  /** The bytes of a roll file, for `decodeRollFile`. */
  getLeaves(hash: Hex32, options?: CallOptions): Promise<Uint8Array>;
  /** The hashes of a roll's capsules in the order of the file, 32 bytes each; they are whole where their root is the header's `names`. */
  getNames(hash: Hex32, options?: CallOptions): Promise<Uint8Array>;
  postEnrolment(enrolment: Enrolment, options?: CallOptions): Promise<void>;
  /** Publishes a challenge; some work is done for it. */
  openChallenge(challenge: Challenge, options?: CallOptions): Promise<void>;
  getChallenge(id: Hex32, options?: CallOptions): Promise<ChallengeAnswer>;
  /** The challenges to a group that can still be answered, all of them, the same for everybody. */
  listChallenges(group: Hex32, options?: CallOptions): Promise<ChallengeList>;
  /** Hands an encrypted answer to the platform for the asker; some work is done for it. The same one again changes nothing. */
  postAnswer(sealed: SealedAnswer, options?: CallOptions): Promise<void>;
  /** For the asker alone: encrypted answers after `request.after`, as many as one answer holds. Never cached. */
  readAnswers(request: AnswersRequest, options?: CallOptions): Promise<SealedAnswers>;
  /** A file of the proving artifacts by its path in the manifest. Check its hash before use. */
  getArtifact(path: string, options?: CallOptions): Promise<Uint8Array>;
};

/**
 * A client of the platform at `base`: its origin, or empty for a page's own.
 * @param fetch the platform's own `fetch`, wrapped where a proxy or a test wants to
 */
export function createApi(base: string, fetch: Fetch): Api {
  const send = (call: Call) => request(base, fetch, 'omit', call);
  const root = '/api/anonymous';
  const get = async <T>(shape: Shape<T>, path: string, options?: CallOptions) =>
    readAnswer(await send({ path: root + path, options }), shape);
  const post = async <T>(shape: Shape<T>, path: string, body: unknown, options?: CallOptions) =>
    readAnswer(await send({ method: 'POST', path: root + path, body, options }), shape);
  const getBytes = async (path: string, options?: CallOptions) => {
    const response = await send({ path, isLong: true, options });
    return new Uint8Array(await response.arrayBuffer());
  };

  return {
    getPlatform: (options) => get(platformShape, '/platform', options),
    listStatements: (before, options) =>
      get(statementListShape, `/statements${before ? `?before=${encodeURIComponent(before)}` : ''}`, options),
    openStatement: async (opening, options) => {
      const call = { method: 'POST', path: `${root}/statements`, body: opening, about: permitHash(opening.permit), options } as const;
      return readAnswer(await send(call), openedShape);
    },
    getStatement: (id, options) => get(statementAnswerShape, `/statements/${id}`, options),
    listMessages: (id, after, options) => get(messageListShape, `/statements/${id}/messages?${placeOf(after)}`, options),
    listMessagesOf: (type, id, after, options) =>
      get(messageListShape, `/statements/${id}/messages?${placeOf(after)}&type=${type}`, options),
    postMessage: async (id, message, options) => (await post(acceptedShape, `/statements/${id}/messages`, message, options)).receipt,
    postMix: async (id, lines, options) => {
      const answer = await send({ method: 'POST', path: `${root}/statements/${id}/messages`, bytes: encodeLines(lines), options });
      return (await readAnswer(answer, acceptedShape)).receipt;
    },
    getBoardIndex: (id, after, options) => get(boardIndexShape, `/statements/${id}/board?after=${after}`, options),
    getSegment: async (id, { from, hash }, options) =>
      (await get(boardSegmentShape, `/statements/${id}/board/${from}/${hash}`, options)).checkpoints,
    postSignature: async (id, body, options) => {
      const path = `${root}/statements/${id}/signatures`;
      const response = await send({ method: 'POST', path, body, about: entryHash(body.entry), options });
      return (await readAnswer(response, receiptAnswerShape)).receipt;
    },
    readSealedBoard: (id, request, options) => post(committeeBoardShape, `/statements/${id}/committee`, request, options),
    readMessages: (id, request, options) => post(committeeMessagesShape, `/statements/${id}/committee`, request, options),
    readPermit: (id, request, options) => post(permitAnswerShape, `/statements/${id}/committee`, request, options),
    readCapsules: async (id, request, options) => {
      const response = await send({ method: 'POST', path: `${root}/statements/${id}/committee`, body: request, isLong: true, options });
      return new Uint8Array(await response.arrayBuffer());
    },
    openRecord: async (id, options) => {
      const { body } = await send({ path: `${root}/statements/${id}/record`, isLong: true, options });
      if (!body) throw new ApiError('BAD_ANSWER', 'The platform answered without a record.', 200);
      return body;
    },
    listTrusteeStatements: (key, after, options, epoch) =>
      get(trusteeStatementsShape, `/trustees/${key}/statements?${placeOf(after, epoch)}`, options),
    listGroups: async (options) =>
      (await readPages((after?: Hex32) => get(groupListShape, `/groups${queryOf({ after })}`, options))).flatMap(({ groups }) => groups),
    findGroups: (search, after, options) => get(groupListShape, `/groups${queryOf({ search: search || undefined, after })}`, options),
    getGroup: (id, { before, most, ...options } = {}) => get(groupAnswerShape, `/groups/${id}${queryOf({ before, most })}`, options),
    getPolicies: (id, options) => get(policyAnswerShape, `/groups/${id}/policies`, options),
    listEndedKeys: async (options) =>
      (await readPages((after = 0) => get(endedKeyListShape, `/ended-keys?after=${after}`, options))).flatMap(({ keys }) => keys),
    getRoll: (hash, options) => get(rollHeaderShape, `/rolls/${hash}`, options),
    getLeaves: (hash, options) => getBytes(`${root}/rolls/${hash}/leaves`, options),
    getNames: (hash, options) => getBytes(`${root}/rolls/${hash}/names`, options),
    postEnrolment: async (enrolment, options) => {
      await post(emptyShape, '/enrolments', enrolment, options);
    },
    openChallenge: async (challenge, options) => {
      const about = challengeId(challenge);
      const call = { method: 'POST', path: `${root}/challenges`, body: challenge, about, work: CHALLENGE_WORK, options } as const;
      await readAnswer(await send(call), emptyShape);
    },
    getChallenge: (id, options) => get(challengeAnswerShape, `/challenges/${id}`, options),
    listChallenges: (group, options) => get(challengeListShape, `/groups/${group}/challenges`, options),
    postAnswer: async (sealed, options) => {
      const path = `${root}/challenges/${sealed.challenge}/answers`;
      const about = sealedAnswerHash(sealed);
      await readAnswer(await send({ method: 'POST', path, body: sealed, about, work: ANSWER_WORK, options }), emptyShape);
    },
    readAnswers: (request, options) => post(sealedAnswersShape, `/challenges/${request.challenge}/inbox`, request, options),
    getArtifact: (path, options) => getBytes(`/artifacts/${path}`, options),
  };
}

function encodeLines(lines: readonly string[]): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
}

function placeOf(after: number, epoch: Hex32 | null = null): string {
  return `after=${after}${epoch === null ? '' : `&epoch=${epoch}`}`;
}
