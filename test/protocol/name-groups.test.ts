import { describe, expect, it } from 'vitest';
import { quoteTally } from '#app/ask/[id]/answers/quote-tally.ts';
import { writeSignersCsv } from '#app/s/[id]/names-file.ts';
import type { ManifestKey } from '#lib/proof/manifest.ts';
import { nameGroups, nameGroupsBy } from '#lib/protocol/member/name-groups.ts';
import { growthWarnings } from '#lib/signing/growth.ts';
import type { LoadedStatement } from '#lib/signing/load-statement.ts';
import { type Warning, warningsForSigner, waveWarnings } from '#lib/signing/warnings.ts';
import { askGroups } from '../support/asking.ts';
import { createCommittee, createGroup, createStatement, systemRandom, type TestGroup } from '../support/world.ts';

const [A, B] = ['a1'.repeat(32), 'b2'.repeat(32)] as [string, string];
const isToldApart = (one: string, other: string) =>
  nameGroups([
    { id: A, name: one },
    { id: B, name: other },
  ])(A) !== one;

describe('groups of one statement', () => {
  it.each([
    ['Harbour pilots', 'Harbour pilots'],
    ['Harbour pilots', 'harbour Pilots'],
    ['Harbour pilots', 'Harbour  pilots'],
    ['Harbour pilots', 'Harbourpilots'],
    ['Harbour pilots', 'Harbour-pilots.'],
    ['Harbour pilots', 'Hаrbоur рilоts'],
    ['Harbour pilots', 'Harbour pi1ots'],
    ['Harbour pilots', 'Harbour pÍlots'],
    ['Harbour pilots', 'Harbour pilots'],
    ['Interns', 'lntems'],
    ['Ward 10', 'Ward lO'],
    ['Harbour pilots', `Harbour pilots · ${B.slice(0, 16)}…`],
    ['Союз', 'Coюз'],
    ['···', '···'],
  ])('are told apart where %s could be taken for %s', (one, other) => {
    expect(isToldApart(one, other)).toBe(true);
    expect(
      nameGroups([
        { id: A, name: one },
        { id: B, name: other },
      ])(B),
    ).toBe(`${other} · ${B.slice(0, 16)}…`);
  });

  it.each([
    ['Harbour pilots', 'Harbour masters'],
    ['Ward 1', 'Ward 2'],
    ['Pilots', '引航员'],
    ['海港', '海滩'],
    ['···', '---'],
  ])('stand with their names alone where these differ: %s, %s', (one, other) => {
    expect(isToldApart(one, other)).toBe(false);
  });
});

describe('a name of digits as marks of groups have them', () => {
  // As long as a name may be: what tries every way to cut them up does not end.
  it.each([
    ['one long run of them', 'f'.repeat(199)],
    ['runs with full stops between them', 'deadbeef...'.repeat(18)],
  ])('is read at once: %s', (_, digits) => {
    expect(isToldApart(`${digits}x`, `${digits}X`)).toBe(true);
    expect(isToldApart(`${digits}x`, 'Harbour pilots')).toBe(false);
  });

  it.each(['deadbeef…', 'deadbeef.', 'deadbeef… · deadbeef….', '.deadbeef.….deadbeefdeadbeef'])(
    'counts for nothing at its end: %s',
    (mark) => {
      expect(isToldApart('Harbour pilots', `Harbour pilots ${mark}`)).toBe(true);
      expect(isToldApart('Harbour pilots', `Harbour pilots ${mark}x`)).toBe(false);
    },
  );
});

describe('two groups of one name, of two issuers', () => {
  const namesOf = (whose: string) => Array.from({ length: 8 }, (_, i) => `${whose} ${i}`);
  const groups = [createGroup('Staff', namesOf('Ann'), systemRandom), createGroup('Stаff', namesOf('Bo'), systemRandom)] as [
    TestGroup,
    TestGroup,
  ];
  const told = ({ id, header }: TestGroup) => `${header.group.name} · ${id.slice(0, 16)}…`;
  const options = { verificationKey: 'ab'.repeat(32), setup: 'cd'.repeat(32), random: systemRandom };
  const context = createStatement(groups, createCommittee(4, 2, systemRandom), { count: 2 }, options);

  it('are told apart by every warning that names one of them', () => {
    const loaded = { context, provingKey: { setup: 'dev' } as ManifestKey } as LoadedStatement;
    for (const [group, other] of [groups, [...groups].reverse()] as [TestGroup, TestGroup][]) {
      const membership = { group: group.header.group, name: 'Ann 0', platform: 'https://example.org' };
      const ended = groups.map(({ header }) => ({ issuer: header.group.issuer, time: 1 }));
      const lookalikes = [{ membership, group: other.id, header: other.header }];
      const eligible = { membership, group: group.id, header: { ...group.header, trustees: [] } };
      const counts = new Map([[group.id, 3]]);
      const warnings: Warning[] = [
        ...warningsForSigner(loaded, eligible, lookalikes, counts, ended),
        ...growthWarnings([group.header], nameGroupsBy(context.rolls)),
        ...waveWarnings(9, [group.header], nameGroupsBy(context.rolls)),
      ];
      const naming = warnings.filter(({ text }) => /St[aа]ff/u.test(text));
      expect(new Set(naming.map(({ code }) => code)).size).toBe(7);
      for (const { text } of naming)
        expect(
          groups.map(told).some((one) => text.includes(`“${one}”`)),
          text,
        ).toBe(true);
    }
  });

  it('are told apart in the table of names and in the sentence about answers', () => {
    const shown = groups.map(({ id, header }) => ({ id, name: header.group.name }));
    const names = groups.map(({ id }, i) => ({ seat: A, group: id, name: `Person ${i}`, signatures: 1 }));
    const csv = writeSignersCsv({ statement: A, groups: shown, names });
    for (const group of groups) expect(csv).toContain(`,${told(group)},1,`);
    const { context: asked } = askGroups(groups, options);
    const quoted = quoteTally(asked, { members: 5, groups: groups.map(({ header }, i) => ({ header, count: 2 + i })) });
    expect(quoted).toContain(
      `5 members of 2 groups (“${told(groups[0])}”: 2 of 8, by roll 1; “${told(groups[1])}”: 3 of 8, by roll 1) have`,
    );
  });
});
