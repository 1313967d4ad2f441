import { describe, expect, it } from 'vitest';
import { describeNoAnswer } from '#app/ask/[id]/refused-question.ts';
import { describeNotOpened } from '#app/new/opening-words.ts';
import { describeRules } from '#app/ui/opening-rules.ts';
import { STANDARD_RULES } from '#lib/protocol/permit/group-policy.ts';

/** What platform or device refuse when a statement is opened, SPEC §5.10 and §5.11. */
const OF_RULES = [
  'ACCOUNTS_ONLY',
  'GROUP_CLOSED',
  'SLOT_BEYOND_QUOTA',
  'SLOT_USED',
  'SLOT_TAKEN',
  'DRAFT_REFUSED',
  'PERMIT_WEEK',
  'ROLL_OUTDATED',
  'BAD_TIMES',
];
const ALARMS = ['OLDER_ROLL', 'ROLL_FORKED', 'ROLL_UNLISTED', 'ROLL_CHAIN'];

describe('a statement that is not opened', () => {
  it('is told with the cause and what to do, in words of its own, and nothing that was written is lost', () => {
    const told = OF_RULES.map((code) => describeNotOpened(code, 'what the platform says'));
    expect(new Set(told.map(({ title }) => title)).size).toBe(OF_RULES.length);
    for (const { lost, todo, isAlarm } of told) {
      expect(lost).toContain('what you have written is still here');
      expect(todo).not.toBe('');
      expect(isAlarm).toBe(false);
    }
    expect(describeNotOpened('BUSY', 'Too many wait.')).toMatchObject({ title: 'Too many wait.', canRetry: true });
  });

  it('is not sent again as it is where no other answer can come', () => {
    for (const code of ['PERMIT_WEEK', 'SLOT_USED', 'SLOT_TAKEN']) expect(describeNotOpened(code).canRetry).toBe(false);
  });

  it('may have been opened where the answer was lost, and nobody is told otherwise', () => {
    for (const code of ['NETWORK', 'TIMED_OUT', 'INTERNAL', 'BAD_ANSWER']) {
      const told = [describeNotOpened(code, 'x'), describeNoAnswer(code, 'x')];
      for (const { lost, canRetry } of told) {
        expect(lost).toContain('the site has not said');
        expect(lost).not.toMatch(/nothing was (opened|sent)/i);
        expect(canRetry).toBe(true);
      }
    }
    expect(describeNotOpened('BUSY', 'x').lost).toMatch(/^Nothing was opened/);
  });

  it('is an alarm where the roll may have been made for the author alone', () => {
    for (const code of ALARMS) expect(describeNotOpened(code)).toMatchObject({ isAlarm: true, canRetry: false });
  });
});

it('the rules of a group say who opens, how often, and whether others name it', () => {
  expect(describeRules(STANDARD_RULES)).toEqual([
    'Every member, without being named, 2 statements a week, and the issuer.',
    'Members of other groups can name this one beside their own.',
  ]);
  expect(describeRules({ opening: 'approved', foreign: false, quota: 1 })).toEqual([
    'The issuer; and every member, without being named, one statement a week, once the issuer has read and approved the draft.',
    'Nobody else can name this group in a statement.',
  ]);
  expect(describeRules({ opening: 'accounts', foreign: true, quota: 16 })[0]).toBe('The issuer alone.');
});
