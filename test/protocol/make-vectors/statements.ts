// SPEC §5: statements and triggers

import type { RollHeader } from '#lib/protocol/member/roll.ts';
import type { Json } from '#lib/protocol/messages/json.ts';
import { checkStatement, leastGrace, type Statement } from '#lib/protocol/statement/statement.ts';
import { type Counts, checkTrigger, isTriggerMet, leastSignatures, type Trigger } from '#lib/protocol/statement/trigger.ts';
import { type Case, type Chapter, computed, holds, judged } from './chapter.ts';
import { createScene, PLAIN_SETUP } from './scene.ts';

const { context, groups } = createScene('statements', {
  setup: PLAIN_SETUP,
  threshold: 2,
  size: 4,
  members: [5, 9],
  trigger: { count: 3 },
});
const { statement } = context;
const headers = groups.map((group) => group.header);
const trustee = (i: number) => statement.committee.trustees[i] as Statement['committee']['trustees'][number];
const text = statement.text[0] as Statement['text'][number];
const check = (name: string, expect: string, change: object, given: readonly RollHeader[] = headers): Case => ({
  name,
  input: { statement: { ...statement, ...change }, headers: given } as unknown as Json,
  expect,
});
const committee = (change: object) => ({ committee: { ...statement.committee, ...change } });
const someone = { name: 'x', contact: 'x', key: '00'.repeat(32) };

export const statements: Chapter = {
  file: 'statements.json',
  section: '5',
  operations: {
    'check-statement': {
      about: 'whether input.statement is good together with the roll headers input.headers; output is its id and scope',
      replay: ({ statement, headers }) => judged(checkStatement(statement, headers), ({ id, scope }) => ({ id, scope: String(scope) })),
      cases: [
        check('a good statement', 'ok', {}),
        check('the same text with another nonce', 'ok', { nonce: '00'.repeat(32) }),
        check('the headers in any order', 'ok', {}, [...headers].reverse()),
        check('in two languages', 'ok', { text: [text, { language: 'de-CH', title: 'Eine faire Zählung', body: 'Mit\n\tEinzug.' }] }),
        check('a title of 200 UTF-16 units', 'ok', { text: [{ ...text, title: '😀'.repeat(100) }] }),
        check('a title of 202 UTF-16 units', 'BAD_SHAPE', { text: [{ ...text, title: '😀'.repeat(101) }] }),
        check('a title that may no longer be opened', 'ok', { text: [{ ...text, title: 'Pay \u202e001' }] }),
        check('a title of two lines', 'BAD_SHAPE', { text: [{ ...text, title: 'a\nb' }] }),
        check('a body not in normal form C', 'BAD_SHAPE', { text: [{ ...text, body: 'Zoe\u0308' }] }),
        check('a body with a control character', 'BAD_SHAPE', { text: [{ ...text, body: 'a\u0007' }] }),
        check('an empty body', 'BAD_SHAPE', { text: [{ ...text, body: '' }] }),
        check('a language in two spellings', 'BAD_TEXT', {
          text: [
            { ...text, language: 'en-GB' },
            { ...text, language: 'en-gb' },
          ],
        }),
        check('a language tag that is none', 'BAD_SHAPE', { text: [{ ...text, language: 'English' }] }),
        check('no text', 'BAD_SHAPE', { text: [] }),
        check('another version', 'BAD_SHAPE', { version: 1 }),
        check('that claims to revise another', 'ok', { revises: 'ab'.repeat(32) }),
        check('that claims to revise what is no id', 'BAD_SHAPE', { revises: 'AB'.repeat(32) }),
        check('that claims to revise nothing by name', 'BAD_SHAPE', { revises: null }),
        check('a member too many', 'BAD_SHAPE', { note: 'x' }),
        check('a short nonce', 'BAD_SHAPE', { nonce: '00' }),
        check('a deadline at openBy', 'BAD_TIMES', { deadline: statement.openBy }),
        check('a merge delay of the cadence and 600 s', 'ok', { cadence: 900, mergeDelay: 1500 }),
        check('a merge delay of less', 'BAD_TIMES', { cadence: 900, mergeDelay: 1499 }),
        check('without a cadence, a merge delay of one second', 'ok', { cadence: 0, mergeDelay: 1 }),
        check('a merge delay of the cadence and an hour', 'ok', { cadence: 900, mergeDelay: 4500 }),
        check('a merge delay of more', 'BAD_TIMES', { cadence: 900, mergeDelay: 4501 }),
        check('T66: the least grace', 'ok', { grace: leastGrace(statement, 14) }),
        check('T66: a grace of one second less', 'BAD_TIMES', { grace: leastGrace(statement, 14) - 1 }),
        check('together 0', 'BAD_SHAPE', { together: 0 }),
        check('together 1001', 'BAD_SHAPE', { together: 1001 }),
        check('T40: one roll below together, and a trigger that the other meets', 'ok', { together: 9, trigger: { count: 9 } }),
        check('T40: a trigger that needs a roll below together', 'BAD_TRIGGER', { together: 9, trigger: { count: 10 } }),
        check('a step time of 601 s', 'BAD_SHAPE', { stepTime: 601 }),
        check('after the year 9999', 'BAD_TIMES', { deadline: 253_402_300_799 }),
        check('a grace of more than a year', 'BAD_SHAPE', { grace: 31_536_001 }),
        check('threshold 1', 'BAD_COMMITTEE', committee({ threshold: 1 })),
        check('T39: fewer than 3k − 2 trustees', 'BAD_COMMITTEE', committee({ threshold: 3 })),
        check('one trustee', 'BAD_COMMITTEE', committee({ trustees: [trustee(0)] })),
        check('no trustees', 'BAD_SHAPE', committee({ trustees: [] })),
        check('a trustee who is the platform', 'ok', { platform: trustee(0).key }),
        check(
          'a trustee twice',
          'BAD_COMMITTEE',
          committee({ trustees: [0, 1, 2].map(trustee).concat({ ...trustee(0), name: 'Another' }) }),
        ),
        check('a trustee key of small order', 'BAD_COMMITTEE', committee({ trustees: [0, 1, 2].map(trustee).concat(someone) })),
        check('a platform key of small order', 'BAD_PLATFORM', { platform: `01${'00'.repeat(31)}` }),
        check('groups descending', 'BAD_ROLLS', { rolls: [...statement.rolls].reverse() }),
        check('a group twice', 'BAD_ROLLS', { rolls: [statement.rolls[0], statement.rolls[0]] }),
        check('a header missing', 'BAD_ROLLS', {}, headers.slice(1)),
        check('a header too many', 'BAD_ROLLS', { rolls: statement.rolls.slice(1) }),
        check('rolls of each other’s groups', 'BAD_ROLLS', {
          rolls: statement.rolls.map(({ group }, i) => ({ group, roll: statement.rolls[1 - i]?.roll })),
        }),
        check('a trigger above the number of members', 'BAD_TRIGGER', { trigger: { count: 15 } }),
        check('a trigger of zero', 'BAD_SHAPE', { trigger: { count: 0 } }),
      ],
    },
  },
};

const [A, B, C] = ['a0'.repeat(32), 'b1'.repeat(32), 'c2'.repeat(32)] as [string, string, string];
const sizes = { [A]: 10, [B]: 5 };
const toCounts = (counts: Record<string, number>): Counts => new Map(Object.entries(counts));
const nested = (levels: number): Trigger => (levels === 1 ? { count: 1 } : { all: [nested(levels - 1)] });
const trigger = (name: string, expect: string, value: Json, together = 1): Case => ({
  name,
  input: { trigger: value, sizes, together },
  expect,
});
const met = (name: string, expect: string, value: Trigger, counts: Record<string, number>): Case => ({
  name,
  input: { trigger: value, counts } as unknown as Json,
  expect,
});
const least = (name: string, value: Trigger): Case => ({ name, input: { trigger: value, sizes } as unknown as Json, expect: 'ok' });
const party: Trigger = {
  all: [
    { group: A, count: 2 },
    { group: B, count: 2 },
  ],
};
const weighed: Trigger = { weights: { [A]: 1, [B]: 3 }, total: 7 };
const chambers: Trigger = { atLeast: 2, of: [{ group: A, count: 1 }, { group: B, count: 1 }, { count: 9 }] };

export const triggers: Chapter = {
  file: 'triggers.json',
  section: '5.4',
  operations: {
    'check-trigger': {
      about: 'whether input.trigger is good for rolls with input.sizes members by group of which input.together open together',
      replay: ({ trigger, sizes, together }) => judged(checkTrigger(trigger, toCounts(sizes), together)),
      cases: [
        trigger('a count', 'ok', { count: 15 }),
        trigger('a count of a group', 'ok', { group: B, count: 5 }),
        trigger('weights', 'ok', { weights: { [A]: 1, [B]: 3 }, total: 25 }),
        trigger('all, any, at least', 'ok', { all: [{ any: [{ count: 1 }] }, chambers as Json] }),
        trigger('eight levels', 'ok', nested(8) as Json),
        trigger('nine levels', 'BAD_TRIGGER', nested(9) as Json),
        trigger('64 nodes', 'ok', { any: Array.from({ length: 63 }, () => ({ count: 1 })) }),
        trigger('65 nodes', 'BAD_TRIGGER', { any: Array.from({ length: 64 }, () => ({ count: 1 })) }),
        trigger('zero', 'BAD_TRIGGER', { count: 0 }),
        trigger('more than all members', 'BAD_TRIGGER', { count: 16 }),
        trigger('more than a group has', 'BAD_TRIGGER', { group: B, count: 6 }),
        trigger('as many as are in groups that are large enough', 'ok', { count: 10 }, 6),
        trigger('T40: more than are in groups that are large enough', 'BAD_TRIGGER', { count: 11 }, 6),
        trigger('T40: a group too small to open together', 'BAD_TRIGGER', { any: [{ count: 1 }, { group: B, count: 1 }] }, 6),
        trigger('more than a group has, in one branch of any', 'BAD_TRIGGER', { any: [{ count: 1 }, { group: B, count: 6 }] }),
        trigger('more weight than there is', 'BAD_TRIGGER', { weights: { [A]: 1, [B]: 3 }, total: 26 }),
        trigger('a group of no roll', 'BAD_TRIGGER', { group: C, count: 1 }),
        trigger('a weight for a group of no roll', 'BAD_TRIGGER', { weights: { [A]: 1, [C]: 1 }, total: 1 }),
        trigger('weight zero', 'BAD_TRIGGER', { weights: { [A]: 0 }, total: 1 }),
        trigger('a weight above a million', 'BAD_TRIGGER', { weights: { [A]: 1_000_001 }, total: 1 }),
        trigger('no weights', 'BAD_TRIGGER', { weights: {}, total: 1 }),
        trigger('all of nothing', 'BAD_TRIGGER', { all: [] }),
        trigger('any of nothing', 'BAD_TRIGGER', { any: [] }),
        trigger('at least three of two', 'BAD_TRIGGER', { atLeast: 3, of: [{ count: 1 }, { count: 2 }] }),
        trigger('at least zero', 'BAD_TRIGGER', { atLeast: 0, of: [{ count: 1 }] }),
        trigger('two operators at once', 'BAD_TRIGGER', { count: 1, all: [{ count: 1 }] }),
        trigger('an unknown operator', 'BAD_TRIGGER', { none: [{ count: 1 }] }),
        trigger('no object', 'BAD_TRIGGER', 5),
        trigger('an empty object', 'BAD_TRIGGER', {}),
      ],
    },
    'trigger-met': {
      about: 'whether input.trigger holds for input.counts by group',
      replay: ({ trigger, counts }) => holds(isTriggerMet(trigger, toCounts(counts))),
      cases: [
        met('a count over groups', 'ok', { count: 3 }, { [A]: 2, [B]: 1 }),
        met('one short', 'refused', { count: 4 }, { [A]: 2, [B]: 1 }),
        met('a group', 'ok', { group: B, count: 1 }, { [A]: 2, [B]: 1 }),
        met('a group that nobody of signed', 'refused', { group: B, count: 1 }, { [A]: 2 }),
        met('weights reached', 'ok', weighed, { [A]: 1, [B]: 2 }),
        met('weights not reached', 'refused', weighed, { [A]: 3, [B]: 1 }),
        met('all', 'ok', party, { [A]: 2, [B]: 2 }),
        met('not all', 'refused', party, { [A]: 10, [B]: 1 }),
        met('any', 'ok', { any: [party, { count: 9 }] }, { [A]: 9 }),
        met('not any', 'refused', { any: [party, { count: 9 }] }, { [A]: 8 }),
        met('two of three', 'ok', chambers, { [A]: 1, [B]: 1 }),
        met('one of three', 'refused', chambers, { [A]: 5 }),
        met('two of three by the total', 'ok', chambers, { [A]: 9 }),
      ],
    },
    'least-signatures': {
      about: 'the lower bound of §5.5 for input.trigger and input.sizes',
      replay: ({ trigger, sizes }) => computed(leastSignatures(trigger, toCounts(sizes))),
      cases: [
        least('a count', { count: 3 }),
        least('the heaviest first', weighed),
        least('more than the heaviest have', { weights: { [A]: 1, [B]: 3 }, total: 20 }),
        least('all: groups add up', party),
        least('all: the largest part', { all: [{ count: 9 }, { group: A, count: 2 }, { group: A, count: 3 }] }),
        least('any: the least', { any: [{ count: 9 }, party] }),
        least('two of three, one of which counts everybody: the second', chambers),
        least('two that share no group: the sum', {
          atLeast: 2,
          of: [
            { group: A, count: 4 },
            { group: B, count: 3 },
          ],
        }),
        least('all that share no group: the sum', { all: [{ any: [{ group: A, count: 4 }] }, { weights: { [B]: 2 }, total: 5 }] }),
      ],
    },
  },
};
