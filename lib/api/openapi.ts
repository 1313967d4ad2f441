// SPEC §13: the anonymous routes as an OpenAPI document, made of the shapes by which they are judged
import { z } from 'zod';
import { committeeRequestShape } from '#lib/protocol/board/committee-request.ts';
import { bodyShape } from '#lib/protocol/board/listed.ts';
import { sealedAnswerShape } from '#lib/protocol/challenge/answer.ts';
import { answersRequestShape } from '#lib/protocol/challenge/answers-request.ts';
import { challengeShape } from '#lib/protocol/challenge/challenge.ts';
import { enrolmentShape } from '#lib/protocol/member/enrolment.ts';
import { rollHeaderShape } from '#lib/protocol/member/roll.ts';
import { hex32, positive } from '#lib/protocol/messages/shape.ts';
import { trusteeMessageShape } from '#lib/protocol/messages/trustee-message.ts';
import { statementShape, VERSION } from '#lib/protocol/statement/statement.ts';
import { triggerShape } from '#lib/protocol/statement/trigger.ts';
import { OPEN_ROUTES, type OpenRoute } from './open-routes.ts';
import * as shapes from './shapes.ts';

/** Every shape of a request or an answer, by the name that the document has for it. */
const SCHEMAS = {
  Accepted: shapes.acceptedShape,
  AnswersRequest: answersRequestShape,
  BoardIndex: shapes.boardIndexShape,
  BoardSegment: shapes.boardSegmentShape,
  Challenge: challengeShape,
  ChallengeAnswer: shapes.challengeAnswerShape,
  ChallengeList: shapes.challengeListShape,
  CommitteeBoard: shapes.committeeBoardShape,
  CommitteeMessages: shapes.committeeMessagesShape,
  CommitteeRequest: committeeRequestShape,
  DecisionList: shapes.decisionListShape,
  Empty: shapes.emptyShape,
  EndedKeyList: shapes.endedKeyListShape,
  Enrolment: enrolmentShape,
  Group: shapes.groupAnswerShape,
  GroupList: shapes.groupListShape,
  GroupPolicies: shapes.policyAnswerShape,
  GroupSummary: shapes.groupSummaryShape,
  MessageList: shapes.messageListShape,
  OpenedStatement: shapes.openedShape,
  PermitAnswer: shapes.permitAnswerShape,
  Platform: shapes.platformShape,
  ReceiptAnswer: shapes.receiptAnswerShape,
  Refusal: shapes.errorShape,
  RollHeader: rollHeaderShape,
  SealedAnswer: sealedAnswerShape,
  SealedAnswers: shapes.sealedAnswersShape,
  SignatureBody: bodyShape,
  SignerList: shapes.signerListShape,
  Statement: statementShape,
  StatementAnswer: shapes.statementAnswerShape,
  StatementOpening: shapes.statementOpeningShape,
  StatementList: shapes.statementListShape,
  StatementSummary: shapes.statementSummaryShape,
  Trigger: triggerShape,
  TrusteeMessage: trusteeMessageShape,
  TrusteeStatements: shapes.trusteeStatementsShape,
} satisfies Record<string, z.ZodType>;

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** What a name in an address may be. */
const PLACES: Record<string, z.ZodType> = { id: hex32, hash: hex32, key: hex32, from: positive, kind: z.enum(shapes.FEED_KINDS) };

/** The document. Shapes say what a message looks like; what holds of it beyond that is in SPEC.md alone. */
export function describeApi() {
  const description =
    'The public, anonymous API of a Round Robin platform: no session, no cookie. JSON as SPEC.md §1.2 has it; what is signed, hashed and proved is described there and for the caller to check.';
  return {
    openapi: '3.1.0',
    info: {
      title: 'Round Robin',
      version: String(VERSION),
      description,
      license: { name: 'AGPL-3.0-or-later', identifier: 'AGPL-3.0-or-later' },
    },
    servers: [{ url: '/' }],
    paths: describePaths(),
    components: { schemas: describeSchemas() },
  };
}

function describeSchemas(): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, shape] of Object.entries(SCHEMAS)) registry.add(shape, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: refTo, io: 'input', unrepresentable: 'any', override: dropOpenChoice });
  return Object.fromEntries(Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => [id, schema]));
}

function refTo(name: string): string {
  return `#/components/schemas/${name}`;
}

/** A choice that only a program can judge would be written as one that anything meets. */
function dropOpenChoice({ jsonSchema }: { jsonSchema: JsonSchema }): void {
  if (jsonSchema.anyOf) jsonSchema.anyOf = jsonSchema.anyOf.filter((choice) => Object.keys(choice).length > 0);
}

function describePaths(): Record<string, Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of OPEN_ROUTES) paths[route.path] = { ...paths[route.path], [route.method]: describeOperation(route) };
  return paths;
}

function describeOperation({ path, method, summary, query = {}, body, answers }: OpenRoute) {
  const places = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    ...{ name, in: 'path', required: true },
    schema: inline(PLACES[name as string] as z.ZodType),
  }));
  const parameters = [...places, ...Object.entries(query).map(([name, shape]) => ({ name, in: 'query', schema: inline(shape) }))];
  const success = { description: 'What was asked for', content: contentOf(answers) };
  return {
    operationId: operationOf(method, path),
    summary,
    parameters,
    ...(body ? { requestBody: { required: true, content: contentOf(body) } } : {}),
    responses: {
      200: success,
      ...(method === 'post' && !path.endsWith('committee') && !path.endsWith('inbox')
        ? { 201: { ...success, description: 'It was new' } }
        : {}),
      default: { description: 'A refusal, with a code of SPEC.md §13.6', content: contentOf(['Refusal']) },
    },
  };
}

/** By type: schemas of JSON by their names, any other text or bytes by its media type. */
function contentOf(kinds: readonly string[]): Record<string, { schema: unknown }> {
  const json = kinds.filter((kind) => !kind.includes('/')).map((name) => ({ $ref: refTo(name) }));
  const other = kinds.filter((kind) => kind.includes('/')).map((type) => [type, { schema: {} }]);
  const ofJson = json.length === 0 ? {} : { 'application/json': { schema: json.length === 1 ? json[0] : { anyOf: json } } };
  return { ...ofJson, ...Object.fromEntries(other) };
}

function inline(shape: z.ZodType): JsonSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(shape);
  return schema;
}

function operationOf(method: string, path: string): string {
  const words = path.replace('/api/anonymous/', '').replace(/\{(\w+)\}/g, 'by-$1');
  return `${method}-${words.replaceAll('/', '-')}`;
}
