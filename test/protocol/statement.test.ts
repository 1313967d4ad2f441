import { describe, expect, it } from 'vitest';
import { type Entry, publicSignals } from '#lib/protocol/board/signature.ts';
import { checkRollHeader, followsRoll, rollHash, signRoll } from '#lib/protocol/member/roll.ts';
import { publicKeyOf, signMessage } from '#lib/protocol/messages/ed25519.ts';
import type { Field } from '#lib/protocol/numbers/field.ts';
import { BASE } from '#lib/protocol/numbers/point.ts';
import {
  checkStatement,
  hasGraceMargin,
  leastGrace,
  quorumOf,
  type Statement,
  scopeOf,
  statementId,
} from '#lib/protocol/statement/statement.ts';
import { createScene, PLAIN_SETUP } from './make-vectors/scene.ts';

const scene = createScene('statement test', { setup: PLAIN_SETUP, threshold: 2, size: 4, members: [5, 9], trigger: { count: 3 } });
const { context, groups } = scene;
const { statement } = context;
const headers = groups.map((group) => group.header);

describe('a statement', () => {
  it('has tags of languages, which are judged whatever their length', () => {
    const isTaken = (language: string) => {
      const text = [{ ...(statement.text[0] as Statement['text'][number]), language }];
      return checkStatement({ ...statement, text }, headers).ok;
    };
    for (const tag of ['en', 'gsw', 'de-CH', 'zh-Hant-TW', 'sl-rozaj-biske-1994', `en${'-aa'.repeat(3_000_000)}`])
      expect(isTaken(tag), tag.slice(0, 40)).toBe(true);
    for (const tag of [
      '',
      'e',
      'engl',
      'EN',
      'en-',
      'en--US',
      'en-a',
      'en-a-bc',
      'en_US',
      'en-abcdefghi',
      'en\n',
      `en${'-aa'.repeat(3_000_000)}-`,
    ])
      expect(isTaken(tag), tag.slice(0, 40)).toBe(false);
  });

  it('T8: has another scope when anything in it is another, and the same for the same', () => {
    const changes: Partial<Statement>[] = [
      { nonce: '00'.repeat(32) },
      { text: [{ ...(statement.text[0] as Statement['text'][number]), title: 'A fair count?' }] },
      { trigger: { count: 4 } },
      { openBy: statement.openBy + 1 },
      { deadline: statement.deadline + 1 },
      { grace: statement.grace + 1 },
      { cadence: 1 },
      { mergeDelay: statement.mergeDelay + 1 },
      { clockSkew: statement.clockSkew + 1 },
      { together: 2 },
      { stepTime: 2 },
      { rolls: statement.rolls.map((one) => ({ ...one, roll: '00'.repeat(32) })) },
      { committee: { ...statement.committee, threshold: 3 } },
      { platform: publicKeyOf(new Uint8Array(32)) },
      { verificationKey: '00'.repeat(32) },
      { setup: '00'.repeat(32) },
    ];
    expect(Object.keys({ ...changes.reduce((all, one) => Object.assign(all, one), {}), version: 2 }).sort()).toEqual(
      Object.keys(statement).sort(),
    );
    const scopes = [statement, ...changes.map((change) => ({ ...statement, ...change }))].map(scopeOf);
    expect(new Set(scopes).size).toBe(changes.length + 1);
    expect(statementId({ ...statement })).toBe(context.id);
    expect(scopeOf(JSON.parse(JSON.stringify(statement)))).toBe(context.scope);
  });

  it('T28: is told from its twin with trustees of the same names, and from the same text opened again', () => {
    const twin = {
      ...statement,
      committee: {
        ...statement.committee,
        trustees: statement.committee.trustees.map((trustee, i) => ({ ...trustee, key: publicKeyOf(new Uint8Array(32).fill(i + 1)) })),
      },
    };
    expect(checkStatement(twin, headers).ok).toBe(true);
    expect(statementId(twin)).not.toBe(context.id);
    expect(statementId({ ...statement, nonce: 'ff'.repeat(32) })).not.toBe(context.id);
  });

  it('T2: freezes one roll for each group: not two of one group, not a later one, not one too many', () => {
    const [group] = groups as [(typeof groups)[0]];
    const { leaves, header, seed, id } = group;
    const next = signRoll(
      { group: header.group, number: 2, previous: rollHash(header), time: header.time, trustees: [], names: header.names, leaves },
      seed,
    );
    const both = [...statement.rolls, { group: id, roll: rollHash(next) }].sort((a, b) => (a.group < b.group ? -1 : 1));
    expect(checkStatement({ ...statement, rolls: both }, [...headers, next])).toMatchObject({ ok: false, code: 'BAD_ROLLS' });
    expect(checkStatement(statement, [...headers, next])).toMatchObject({ ok: false, code: 'BAD_ROLLS' });
    expect(checkStatement(statement, [next, ...headers.slice(1)])).toMatchObject({ ok: false, code: 'BAD_ROLLS' });
    expect(checkStatement(statement, [...headers, headers[0] as (typeof headers)[0]])).toMatchObject({ ok: false, code: 'BAD_ROLLS' });
    const twice = statement.rolls.flatMap((one) => [one, one]);
    expect(checkStatement({ ...statement, rolls: twice }, headers)).toMatchObject({ ok: false, code: 'BAD_ROLLS' });
    const foreign = statement.rolls.map(({ group }, i, all) => ({ group, roll: all[(i + 1) % all.length]?.roll as string }));
    expect(checkStatement({ ...statement, rolls: foreign }, headers)).toMatchObject({ ok: false, code: 'BAD_ROLLS' });
  });

  it('T23: is another statement for whoever is shown another roll, invented around that one person', () => {
    const [{ header, leaves, seed, id }] = groups as [(typeof groups)[0]];
    const invented = leaves.map((leaf, i) => (i === 0 ? leaf : ((leaf + 1n) as Field)));
    const { group, number, time, names } = header;
    const forOne = signRoll({ group, number, time, trustees: [], names, leaves: invented }, seed);
    const others = headers.slice(1);
    expect(checkStatement(statement, [forOne, ...others])).toMatchObject({ ok: false, code: 'BAD_ROLLS' });
    const rolls = statement.rolls.map((one) => (one.group === id ? { group: id, roll: rollHash(forOne) } : one));
    expect(checkStatement({ ...statement, rolls }, [forOne, ...others]).ok).toBe(true);
    expect(statementId({ ...statement, rolls })).not.toBe(context.id);
    // Both rolls bear the issuer's signature and one number: the history of the group has room for one of them.
    expect([checkRollHeader(header).ok, checkRollHeader(forOne).ok, followsRoll(header, forOne)]).toEqual([true, true, false]);
    const next = signRoll({ group, number: 2, previous: rollHash(forOne), time, trustees: [], names, leaves: invented }, seed);
    expect([followsRoll(forOne, next), followsRoll(header, next)]).toEqual([true, false]);
  });

  it('T36: gives each proof root and depth of one and the same roll, the one of the group it names', () => {
    for (const { id, header } of groups) {
      const entry = { said: { action: 'sign', group: id }, nullifier: '1', ephemeral: ['0', '1'], sealed: ['0', '1'] };
      const signals = publicSignals(context, BASE, entry as unknown as Entry);
      expect([String(signals[0]), Number(signals[10])]).toEqual([header.root, header.depth]);
    }
    expect(new Set(headers.map((header) => header.depth)).size).toBe(2);
  });

  it('T39: has quorums of which any two share an honest trustee, and that are reached without any k − 1', () => {
    for (let k = 2; 3 * k - 2 <= 16; k++)
      for (let n = 3 * k - 2; n <= 16; n++) {
        const trustees = new Array(n).fill(statement.committee.trustees[0]);
        const quorum = quorumOf({ committee: { threshold: k, trustees } });
        expect(2 * quorum - n).toBeGreaterThanOrEqual(k);
        expect(quorum).toBeLessThanOrEqual(n - (k - 1));
      }
  });

  it('T66: leaves a grace in which all waves can be mixed and opened, counted in whole seconds', () => {
    const trial = { mergeDelay: 1, clockSkew: 0, stepTime: 1, together: 3, committee: { threshold: 2 } };
    expect(leastGrace(trial, 8)).toBe(9);
    const large = { mergeDelay: 7200, clockSkew: 300, stepTime: 10, together: 3, committee: { threshold: 3 } };
    expect(leastGrace(large, 262_144)).toBe(Math.ceil(7500 + 12 * (10 + 5242.88) + 17_476.267));
    const least = leastGrace(statement, 14);
    const withGrace = (grace: number) => checkStatement({ ...statement, grace }, headers);
    expect(withGrace(least).ok).toBe(true);
    expect(withGrace(least - 1)).toMatchObject({ ok: false, code: 'BAD_TIMES' });
    expect(hasGraceMargin({ ...context, statement: { ...statement, grace: least + 86_400 } }, 86_400)).toBe(true);
    expect(hasGraceMargin({ ...context, statement: { ...statement, grace: least + 86_399 } }, 86_400)).toBe(false);
  });

  it('T66: has no more members in all its rolls than can be mixed in its grace', () => {
    const rolls = statement.rolls.map(({ group }, i) => {
      const { header, seed } = groups.find(({ id }) => id === group) as (typeof groups)[0];
      const { signature: _, ...body } = header;
      return signMessage('roll', { ...body, size: i === 0 ? 262_143 : 2 }, seed);
    });
    const named = {
      ...statement,
      rolls: statement.rolls.map(({ group }, i) => ({ group, roll: rollHash(rolls[i] as (typeof headers)[0]) })),
    };
    expect(checkStatement({ ...named, grace: 100_000 }, rolls)).toMatchObject({ ok: false, code: 'BAD_ROLLS' });
  });

  it('T37: names its verification key and setup, so that no other can be put under it', () => {
    expect(statementId({ ...statement, verificationKey: 'cc'.repeat(32) })).not.toBe(context.id);
    const { verificationKey: _, ...without } = statement;
    expect(checkStatement(without, headers)).toMatchObject({ ok: false, code: 'BAD_SHAPE' });
  });
});
