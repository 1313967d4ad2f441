import { describe, expect, it } from 'vitest';
import { quoteTally } from '#app/ask/[id]/answers/quote-tally.ts';
import { describeNoAnswer } from '#app/ask/[id]/refused-question.ts';
import { composeQuestion, type Question } from '#app/ask/compose-challenge.ts';
import { shortenPurpose } from '#app/groups/[id]/group-questions.tsx';
import type { Platform } from '#lib/api/shapes.ts';
import { createAsker, isAskerOf } from '#lib/protocol/challenge/asker-file.ts';
import { checkChallenge } from '#lib/protocol/challenge/challenge.ts';
import { seeded } from '../../circuits/signer.ts';
import { createGroup } from '../../support/world.ts';

const random = seeded('compose-challenge');
const groups = ['Pilots', 'Masters'].map((name) => createGroup(name, ['Ada', 'Brian', 'Carla'], random));
const headers = groups.map(({ header }) => header);
const platform = { verificationKey: 'aa'.repeat(32), setup: 'bb'.repeat(32) } as Platform;
const surroundings = {
  platform,
  headers,
  now: 1_800_000_000,
  nonce: '41'.repeat(32),
  createAsker: (name: string) => createAsker(name, random),
};
const question: Question = {
  asker: null,
  name: ' Harbour  Gazette',
  language: 'en',
  purpose: '  A second tug?\r\nSay so. ',
  groups: groups.map(({ id }) => id),
  days: 7,
};
const problemsOf = (change: Partial<Question>, known = headers) => {
  const composed = composeQuestion({ ...question, ...change }, { ...surroundings, headers: known });
  return composed.ok ? [] : composed.problems.map(({ field }) => field);
};

describe('a question that is filled in', () => {
  it('becomes a challenge that holds, signed with the key file that was made for it', () => {
    const composed = composeQuestion(question, surroundings);
    if (!composed.ok) throw new Error(JSON.stringify(composed.problems));
    const { challenge } = composed.context;
    expect(checkChallenge(challenge, headers).ok).toBe(true);
    expect(isAskerOf(composed.asker, challenge)).toBe(true);
    expect(challenge).toMatchObject({
      asker: { name: 'Harbour Gazette' },
      purpose: { language: 'en', text: 'A second tug?\nSay so.' },
      expires: 1_800_000_000 + 7 * 86_400,
    });
    expect(challenge.rolls.map(({ group }) => group)).toEqual(groups.map(({ id }) => id).sort());
  });

  it('uses the key file that there is, with the name in it', () => {
    const asker = createAsker('Sailors’ Union', random);
    const composed = composeQuestion({ ...question, asker, name: '' }, surroundings);
    expect(composed).toMatchObject({ ok: true, asker, context: { challenge: { asker: { name: 'Sailors’ Union' } } } });
  });

  it('names everything that is missing, and what nobody could see', () => {
    expect(problemsOf({ name: ' ', purpose: '\n', groups: [] })).toEqual(['name', 'purpose', 'groups']);
    expect(problemsOf({}, headers.slice(1))).toEqual(['groups']);
    expect(problemsOf({ purpose: 'A second\u200b tug?' })).toEqual(['purpose']);
    expect(problemsOf({ purpose: 'a'.repeat(2_001) })).toEqual(['purpose']);
  });
});

describe('the words about a question', () => {
  it('quote the asker as the asker, on one line', () => {
    const composed = composeQuestion(question, surroundings);
    if (!composed.ok) throw new Error('not composed');
    const [header] = headers as [(typeof headers)[0]];
    const quoted = quoteTally(composed.context, { members: 17, groups: [{ header, count: 17 }] });
    expect(quoted).toBe(
      `17 members of “Pilots” have proved that they belong, in answer to these words of “Harbour Gazette”: “A second tug? Say so.” (question ${composed.context.id}).`,
    );
  });

  it('begin in a list with whole characters', () => {
    const family = '👩‍👩‍👧';
    const short = shortenPurpose(`Say\n so: ${family.repeat(100)}`);
    expect(short).toMatch(/^Say so: /);
    expect(short.slice('Say so: '.length, -1).replaceAll(family, '')).toBe('');
    expect(short.endsWith(`${family}…`)).toBe(true);
    expect(shortenPurpose('A second tug?')).toBe('A second tug?');
  });

  it.each(['CHALLENGE_UNLISTED', 'ROLL_OUTDATED', 'GROUP_TOO_SMALL'])('%s leaves nothing sent, and cannot be pressed through', (code) => {
    expect(describeNoAnswer(code, 'detail')).toMatchObject({ code, canRetry: false, lost: expect.stringMatching(/^Nothing was sent/) });
  });

  it('claims nothing of what was sent before the time was over', () => {
    expect(describeNoAnswer('CHALLENGE_EXPIRED')).toMatchObject({ canRetry: false, lost: 'No answer of yours was taken now.' });
  });
});
