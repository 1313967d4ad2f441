import { beforeAll, describe, expect, it } from 'vitest';
import type { Trigger } from '#lib/protocol/statement/trigger.ts';
import { findEligible } from '#lib/signing/find-membership.ts';
import { checkStatementAnswer } from '#lib/signing/load-statement.ts';
import { describeTrigger } from '#lib/signing/trigger-words.ts';
import {
  admissionWarnings,
  crowdWarnings,
  setupWarnings,
  triggerWarnings,
  trusteeWarnings,
  warningsForSigner,
  waveWarnings,
} from '#lib/signing/warnings.ts';
import { createGroup, systemRandom } from '../support/world.ts';
import { type Stage, setStage, value, walletOf } from './stage.ts';

const [A, B] = ['a'.repeat(64), 'b'.repeat(64)] as [string, string];
const sizes = new Map([
  [A, 20],
  [B, 20],
]);
const codes = (warnings: { code: string; loud: boolean }[]) => warnings.map(({ code, loud }) => (loud ? `${code}!` : code));
const groupOf = (size: number) =>
  createGroup(
    'Pilots',
    Array.from({ length: size }, (_, i) => `Person ${i}`),
    systemRandom,
  );

describe('warnings about the crowd', () => {
  it('grow louder as the group gets smaller (T16)', () => {
    const of = (size: number) => codes(crowdWarnings([groupOf(size).header]));
    expect([of(7), of(8), of(29), of(30)]).toEqual([['GROUP_TOO_SMALL!'], ['GROUP_SMALL'], ['GROUP_SMALL'], []]);
  });

  it('say when so many have signed that the rest are found by elimination (T33)', () => {
    const group = groupOf(40);
    const at = (signed: number) => codes(crowdWarnings([group.header], new Map([[group.id, signed]])));
    expect([at(0), at(32), at(33), at(40)]).toEqual([[], [], ['FEW_LEFT!'], ['FEW_LEFT!']]);
  });
});

describe('warnings about the trigger', () => {
  it.each<[Trigger, Map<string, number>, string[]]>([
    [{ count: 3 }, new Map([[A, 20]]), []],
    [{ count: 2 }, new Map([[A, 20]]), ['FEW_SIGNATURES!']],
    [{ group: A, count: 1 }, sizes, ['FEW_SIGNATURES!']],
    [{ count: 5 }, sizes, ['GROUPS_ADD_UP']],
    [{ weights: { [A]: 3, [B]: 1 }, total: 9 }, sizes, ['GROUPS_ADD_UP']],
    [{ weights: { [A]: 3 }, total: 9 }, sizes, []],
    [
      {
        all: [
          { group: A, count: 4 },
          { group: B, count: 4 },
        ],
      },
      sizes,
      ['GROUPS_ADD_UP'],
    ],
    [
      {
        any: [
          { group: A, count: 4 },
          { group: B, count: 4 },
        ],
      },
      sizes,
      [],
    ],
    [{ any: [{ group: A, count: 4 }, { count: 9 }] }, sizes, ['GROUPS_ADD_UP']],
    [
      {
        atLeast: 1,
        of: [
          { group: A, count: 4 },
          { group: B, count: 4 },
        ],
      },
      sizes,
      [],
    ],
    [
      {
        atLeast: 2,
        of: [
          { group: A, count: 4 },
          { group: B, count: 4 },
        ],
      },
      sizes,
      ['GROUPS_ADD_UP'],
    ],
  ])('%j', (trigger, members, expected) => {
    expect(codes(triggerWarnings({ statement: { trigger, together: 1 }, sizes: members }))).toEqual(expected);
  });

  it('count what opens at a time, which no trigger goes below', () => {
    const of = (together: number) => codes(triggerWarnings({ statement: { trigger: { count: 2 }, together }, sizes: new Map([[A, 20]]) }));
    expect([of(1), of(2), of(3)]).toEqual([['FEW_SIGNATURES!'], ['FEW_SIGNATURES!'], []]);
  });

  it('are loud where names open nearly alone (T40), and name a group of which none can open', () => {
    const headers = [groupOf(8).header];
    const of = (together: number) => codes(waveWarnings(together, headers));
    expect([of(1), of(2), of(3), of(8), of(9)]).toEqual([['FEW_TOGETHER!'], ['FEW_TOGETHER!'], [], [], ['NEVER_OPENS!']]);
  });

  it('come with the trigger in words', () => {
    const say = (trigger: Trigger) => describeTrigger(trigger, (group) => (group === A ? 'the Left' : 'the Right'));
    expect(say({ count: 5 })).toBe('5 people have signed');
    expect(say({ all: [{ group: A, count: 1 }, { any: [{ group: B, count: 2 }, { count: 9 }] }] })).toBe(
      '1 person of the Left has signed and (2 people of the Right have signed or 9 people have signed)',
    );
    expect(say({ atLeast: 2, of: [{ count: 3 }, { group: A, count: 4 }] })).toBe(
      'at least 2 of these hold: 3 people have signed; 4 people of the Left have signed',
    );
    expect(say({ weights: { [A]: 3, [B]: 1 }, total: 60 })).toBe(
      'the signatures weigh 60 or more (3 for each of the Left, 1 for each of the Right)',
    );
  });
});

describe('warnings about how members were admitted', () => {
  const { header } = groupOf(20);
  const admit = (...ways: [number, number][]) => ({ ...header, admitted: ways.map(([way, count]) => ({ way, count })) });
  const of = (admitted: ReturnType<typeof admit>, count: number, together = 3) =>
    admissionWarnings([admitted], { trigger: { count }, together });

  it('name each way on which a server has a word, loudly where its members alone could open the statement (T75)', () => {
    const mixed = admit([1, 6], [2, 9], [4, 1], [5, 4]);
    expect(codes(of(mixed, 11))).toEqual(['ADMITTED_BY_SERVER', 'ADMITTED_BY_SERVER']);
    expect(codes(of(mixed, 10))).toEqual(['ADMITTED_BY_SERVER!', 'ADMITTED_BY_SERVER!']);
    expect(of(mixed, 10).map(({ text }) => text)).toEqual([
      '9 of the 20 members of “Pilots” were admitted by work mail: whoever runs that server could have admitted anybody in their names, also to make this statement open.',
      '1 of the 20 members of “Pilots” was admitted by a mail sent from work: whoever runs that server could have admitted anybody in their name, also to make this statement open.',
    ]);
    expect(of(mixed, 11)[0]?.text).toMatch(/in their names\.$/);
  });

  it('are loud for no group of which fewer than open together came in such ways', () => {
    expect(codes(of(admit([1, 18], [3, 2]), 2, 3))).toEqual(['ADMITTED_BY_SERVER']);
    expect(codes(of(admit([1, 18], [3, 2]), 2, 2))).toEqual(['ADMITTED_BY_SERVER!']);
  });

  it('count over all groups of the statement', () => {
    const other = createGroup('Crew', ['A', 'B', 'C', 'D'], systemRandom).header;
    const headers = [admit([1, 10], [2, 10]), { ...other, admitted: [{ way: 3, count: 4 }] }];
    expect(codes(admissionWarnings(headers, { trigger: { count: 14 }, together: 3 }))).toEqual(Array(2).fill('ADMITTED_BY_SERVER!'));
    expect(codes(admissionWarnings(headers, { trigger: { count: 15 }, together: 3 }))).toEqual(Array(2).fill('ADMITTED_BY_SERVER'));
  });

  it('say nothing of invitations, of what was done in person, and of rolls that do not say', () => {
    expect(of(admit([1, 12], [5, 8]), 2)).toEqual([]);
    expect(admissionWarnings([header], { trigger: { count: 2 }, together: 1 })).toEqual([]);
  });
});

describe('warnings about the parties', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage({ hasWallets: true, size: 31, trigger: { count: 2 } });
  });

  it('name each trustee that the issuer does not recognise, and say when they could read the names alone (T28)', () => {
    const { committee } = stage.context.statement;
    const recognising = (count: number) => ({ ...stage.group.header, trustees: committee.trustees.slice(0, count).map(({ key }) => key) });
    expect(trusteeWarnings(committee, recognising(4))).toEqual([]);
    expect(codes(trusteeWarnings(committee, recognising(3)))).toEqual(['TRUSTEE_NOT_RECOGNISED!']);
    expect(trusteeWarnings(committee, recognising(3))[0]?.text).toContain('Trustee 4');
    expect(codes(trusteeWarnings(committee, recognising(2)))).toEqual([
      'TRUSTEE_NOT_RECOGNISED!',
      'TRUSTEE_NOT_RECOGNISED!',
      'TRUSTEES_COLLUDE!',
    ]);
  });

  it('reach the signer all at once', () => {
    const loaded = value(checkStatementAnswer(stage.answer, stage.context.id, stage.manifest));
    const { eligible } = findEligible(stage.context, walletOf(stage, 0));
    const lookalike = findEligible(
      stage.context,
      walletOf({ ...stage, group: createGroup('Harbour pilots', ['Me'], systemRandom) }, 0),
    ).lookalikes;
    const warnings = warningsForSigner(loaded, eligible[0]!, lookalike, new Map([[stage.group.id, 25]]));
    expect(new Set(codes(warnings))).toEqual(
      new Set([
        'LOOKALIKE_GROUP!',
        'TRUSTEE_NOT_RECOGNISED!',
        'TRUSTEES_COLLUDE!',
        'FEW_LEFT!',
        'FEW_SIGNATURES!',
        'FEW_TOGETHER!',
        ...codes(setupWarnings(loaded.provingKey)),
      ]),
    );
    expect(codes(setupWarnings({ setup: 'dev' }))).toEqual(['DEVELOPMENT_KEYS']);
    expect(setupWarnings({ setup: 'ceremony' })).toEqual([]);
  });
});
