// SPEC §13.1: the table of the anonymous routes
import { z } from 'zod';
import { hex32, positive } from '#lib/protocol/messages/shape.ts';
import { LONGEST_SEARCH, MOST_LISTED_ROLLS, STANDINGS } from './shapes.ts';

export type OpenRoute = {
  path: string;
  method: 'get' | 'post';
  summary: string;
  query?: Record<string, z.ZodType>;
  /** Names of schemas, or media types of what is not JSON. */
  body?: readonly string[];
  answers: readonly string[];
};

const cursor = z.int().min(0);
const place = { after: cursor, epoch: hex32 };
const LIST = { before: z.string(), group: hex32, standing: z.enum(STANDINGS), search: z.string().max(LONGEST_SEARCH) };
const ROLLS = { before: positive, most: z.int().min(1).max(MOST_LISTED_ROLLS) };
const BYTES = 'application/octet-stream';
const STATEMENT = '/api/anonymous/statements/{id}';
const CHALLENGE = '/api/anonymous/challenges/{id}';

const get = (path: string, summary: string, answers: readonly string[], query?: OpenRoute['query']): OpenRoute => ({
  ...{ method: 'get', path, summary, answers },
  ...(query ? { query } : {}),
});
const post = (path: string, summary: string, body: readonly string[], answers: readonly string[]): OpenRoute => ({
  ...{ method: 'post', path, summary, body, answers },
});

/** Every route under /api/anonymous. */
export const OPEN_ROUTES: readonly OpenRoute[] = [
  get('/api/anonymous/platform', 'What a new statement must name, and the suggested trustees', ['Platform']),
  get('/api/anonymous/statements', 'Statements, newest first', ['StatementList'], LIST),
  post('/api/anonymous/statements', 'Opens a statement for a member', ['StatementOpening'], ['OpenedStatement']),
  get(STATEMENT, 'A statement with its rolls, its state and the messages that made its key', ['StatementAnswer']),
  get(`${STATEMENT}/messages`, 'What its trustees said', ['MessageList'], { ...place, type: z.string() }),
  post(`${STATEMENT}/messages`, 'Takes what a trustee says', ['TrusteeMessage', 'application/x-ndjson'], ['Accepted']),
  get(`${STATEMENT}/board`, 'Where the parts of its board are', ['BoardIndex'], { after: cursor }),
  get(`${STATEMENT}/board/{from}/{hash}`, 'A part of its board, the same for ever', ['BoardSegment']),
  post(
    `${STATEMENT}/committee`,
    'What its committee alone reads',
    ['CommitteeRequest'],
    ['CommitteeBoard', 'CommitteeMessages', 'PermitAnswer', BYTES],
  ),
  post(`${STATEMENT}/signatures`, 'Signs, or withdraws', ['SignatureBody'], ['ReceiptAnswer']),
  get(`${STATEMENT}/record`, 'Its record, by which anybody can check it', ['application/x-ndjson']),
  get(`${STATEMENT}/names`, 'The names that are open, in the order of the circle', ['SignerList']),
  get(`${STATEMENT}/names/csv`, 'The same as a table', ['text/csv']),
  get(`${STATEMENT}/calendar`, 'Its deadline for a calendar', ['text/calendar']),
  get('/api/anonymous/feeds/{kind}', 'The newest statements of a kind, for feed readers', ['application/atom+xml'], { group: hex32 }),
  get('/api/anonymous/trustees/{key}/statements', 'Statements whose committee has this trustee', ['TrusteeStatements'], place),
  get('/api/anonymous/groups', 'Groups, by name', ['GroupList'], { after: hex32, search: LIST.search }),
  get('/api/anonymous/groups/{id}', 'A group with its rolls, newest first', ['Group'], ROLLS),
  get('/api/anonymous/groups/{id}/policies', 'Who may open statements for a group, and what drafts were refused', ['GroupPolicies']),
  get('/api/anonymous/groups/{id}/challenges', 'Challenges to a group that can still be answered', ['ChallengeList']),
  get('/api/anonymous/ended-keys', 'Keys of issuers that were replaced or revoked', ['EndedKeyList'], { after: cursor }),
  get('/api/anonymous/moderation', 'What the operator has hidden, refused and shown again', ['DecisionList'], { after: cursor }),
  get('/api/anonymous/rolls/{hash}', 'The header of a roll', ['RollHeader']),
  get('/api/anonymous/rolls/{hash}/leaves', 'Its leaves, whole', [BYTES]),
  get('/api/anonymous/rolls/{hash}/names', 'The hashes of its capsules, whole', [BYTES]),
  post('/api/anonymous/enrolments', 'Answers an invitation', ['Enrolment'], ['Empty']),
  post('/api/anonymous/challenges', 'Asks for proofs of membership', ['Challenge'], ['Empty']),
  get(CHALLENGE, 'A challenge with the rolls that it names', ['ChallengeAnswer']),
  post(`${CHALLENGE}/answers`, 'Hands an encrypted answer on to its asker', ['SealedAnswer'], ['Empty']),
  post(`${CHALLENGE}/inbox`, 'The encrypted answers, for the asker alone', ['AnswersRequest'], ['SealedAnswers']),
];
