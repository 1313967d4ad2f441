import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { committeeRequestShape } from '#lib/protocol/board/committee-request.ts';
import { bodyShape } from '#lib/protocol/board/listed.ts';
import { messageReceiptShape, receiptShape } from '#lib/protocol/board/receipt.ts';
import { proofShape, saidShape } from '#lib/protocol/board/signature.ts';
import { answerShape, SEALED_ANSWER_BYTES, sealedAnswerShape } from '#lib/protocol/challenge/answer.ts';
import { answersRequestShape } from '#lib/protocol/challenge/answers-request.ts';
import { challengeShape } from '#lib/protocol/challenge/challenge.ts';
import { tallyShape } from '#lib/protocol/challenge/tally.ts';
import { backupFileShape } from '#lib/protocol/member/backup.ts';
import { enrolmentShape } from '#lib/protocol/member/enrolment.ts';
import { groupShape } from '#lib/protocol/member/group.ts';
import { keyEndShape } from '#lib/protocol/member/key-end.ts';
import { rollHeaderShape } from '#lib/protocol/member/roll.ts';
import { walletContentShape } from '#lib/protocol/member/wallet-file.ts';
import type { Json } from '#lib/protocol/messages/json.ts';
import { groupPolicyShape } from '#lib/protocol/permit/group-policy.ts';
import { permitShape } from '#lib/protocol/permit/permit.ts';
import { trusteePolicyShape } from '#lib/protocol/permit/trustee-policy.ts';
import { CHAPTERS } from '#lib/protocol/record/chapters.ts';
import { shuffleProofShape } from '#lib/protocol/reveal/shuffle.ts';
import { platformSuccessorShape } from '#lib/protocol/statement/platform-successor.ts';
import { statementShape } from '#lib/protocol/statement/statement.ts';
import { trusteeLogShape } from '#lib/trustee/trustee-log.ts';

const spec = readFileSync(new URL('../../SPEC.md', import.meta.url), 'utf8');
type Example = { line: number; value: Record<string, Json> };

/** Every value in the example blocks; one begins at each line that begins with a brace. */
function listExamples(): Example[] {
  return [...spec.matchAll(/^```json\n(.*?)^```/gms)].flatMap((block) => {
    const first = spec.slice(0, block.index).split('\n').length + 1;
    const values = (block[1] as string).split(/^(?=\{)/m);
    return values.map((text, i) => ({ line: first + values.slice(0, i).join('').split('\n').length - 1, value: JSON.parse(text) }));
  });
}

const LINES = new Map(CHAPTERS.flatMap(({ lines }) => lines.flat()).map(({ type, shape }) => [type, shape]));
const MESSAGES: Record<string, z.ZodType> = {
  ...Object.fromEntries(LINES),
  roll: rollHeaderShape, // its leaves stand in §4.3
  'issuer-successor': keyEndShape,
  'issuer-revocation': keyEndShape,
  'platform-successor': platformSuccessorShape,
  receipt: receiptShape,
  'message-receipt': messageReceiptShape,
  'committee-request': committeeRequestShape,
  'trustee-log': trusteeLogShape,
  permit: permitShape,
  'group-policy': groupPolicyShape,
  'trustee-policy': trusteePolicyShape,
  challenge: challengeShape,
  answer: answerShape,
  'sealed-answer': sealedAnswerShape,
  'answers-request': answersRequestShape,
  tally: tallyShape,
  'round-robin-backup': backupFileShape,
};
/** Digits of a ciphertext: of a sealed answer, or of an enrolment. */
const CIPHERTEXT = { 'sealed-answer': 2 * SEALED_ANSWER_BYTES, '': 224 };
/** Shapes of values without a type, by a member that only they have. */
const PARTS: [member: string, shape: z.ZodType][] = [
  ['nonce', statementShape],
  ['salt', bodyShape],
  ['action', saidShape],
  ['cHat', shuffleProofShape],
  ['b', proofShape],
  ['issuer', groupShape],
  ['ciphertext', enrolmentShape],
  ['memberships', walletContentShape],
];

function shapeOf(value: Record<string, Json>): z.ZodType | null {
  if (typeof value.type === 'string') return MESSAGES[value.type] ?? null;
  return PARTS.find(([member]) => member in value)?.[1] ?? null;
}

/** Texts that were cut short, made whole: as hexadecimal, or as decimal numbers where they stand among `decimals`. */
function complete(value: Json, decimals: ReadonlySet<string>, path = '', type: keyof typeof CIPHERTEXT = ''): Json {
  if (typeof value === 'string' && value.endsWith('…')) {
    const digits = value.slice(0, -1);
    const length = /(signature|consent)$/.test(path) || path === '.sealed' ? 128 : path === '.ciphertext' ? CIPHERTEXT[type] : 64;
    return decimals.has(path) ? digits : digits.padEnd(length, '0');
  }
  if (Array.isArray(value)) return value.map((one, i) => complete(one, decimals, `${path}.${i}`));
  if (typeof value !== 'object') return value;
  const own = 'type' in value && value.type === 'sealed-answer' ? 'sealed-answer' : '';
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, complete(one as Json, decimals, `${path}.${key}`, own)]));
}

/** What is wrong with the shape of an example. A text that is no hexadecimal number in its place must be a decimal one. */
function findFaults(shape: z.ZodType, value: Json): string[] {
  const asHex = shape.safeParse(complete(value, new Set()));
  if (asHex.success) return [];
  const places = new Set(asHex.error.issues.map(({ path }) => `.${path.map(String).join('.')}`));
  const again = shape.safeParse(complete(value, places));
  return again.success ? [] : again.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
}

describe('SPEC.md', () => {
  const examples = listExamples();

  it('has examples of the shapes that its messages have', () => {
    const faults = examples.flatMap(({ line, value }) => {
      const shape = shapeOf(value);
      if (!shape) return 'version' in value ? [] : [`${line}: of no known shape`]; // an invitation, which is read from a link
      return findFaults(shape, value).map((fault) => `${line}: ${fault}`);
    });
    expect(faults).toEqual([]);
  });

  it('has an example of every message, and of every line of a record', () => {
    const shown = new Set(examples.map(({ value }) => value.type));
    expect(Object.keys(MESSAGES).filter((type) => !shown.has(type) && type !== 'header')).toEqual([]);
  });

  it('has a row with the members of every type of line', () => {
    const table = spec.slice(spec.indexOf('### 12.2'), spec.indexOf('### 12.3'));
    const rows = [...table.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, type]) => type as string);
    expect(rows).toEqual([...LINES.keys()]);
  });

  it('names in its order every rank of every chapter', () => {
    const order = spec.slice(spec.indexOf('### 12.1'), spec.indexOf('### 12.2'));
    const ranks = order.split('\n').filter((line) => line.startsWith('|'));
    const named = [...ranks.join('\n').matchAll(/`([a-z-]+)`/g)].map(([, type]) => type as string);
    expect(named).toEqual([...LINES.keys()]);
  });

  it('can be read: lines of text have at most 120 characters', () => {
    const long = spec.split('\n').filter((line) => line.length > 120 && !line.startsWith('|'));
    expect(long).toEqual([]);
  });
});
