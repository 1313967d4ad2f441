import { beforeAll, describe, expect, it } from 'vitest';
import { parseProof } from '#lib/proof/proof.ts';
import { proveSign } from '#lib/proof/prover.ts';
import { verifyProof } from '#lib/proof/verify.ts';
import { nullifierOf } from '#lib/protocol/member/credential.ts';
import { formatField } from '#lib/protocol/numbers/field.ts';
import { BASE, multiplySecret } from '#lib/protocol/numbers/point.ts';
import { randomScalar } from '#lib/protocol/numbers/random.ts';
import { loosestRules, MOST_QUOTA, STANDARD_RULES, signGroupPolicy } from '#lib/protocol/permit/group-policy.ts';
import {
  checkPermit,
  firstKeptWeek,
  isOpenWeek,
  type Permit,
  permitScope,
  permitSignals,
  sayOpen,
  startOfWeek,
  wasNewestRoll,
  weekOf,
} from '#lib/protocol/permit/permit.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { prepareProof } from '#lib/signing/make-entry.ts';
import { seeded } from '../circuits/signer.ts';
import { loadCurrentKey } from '../proof/current-key.ts';
import { permitOnce } from '../support/recorded-entries.ts';
import { createCommittee, createGroup, createStatement, nextRoll, placeOf, systemRandom } from '../support/world.ts';

const NOW = 1_800_000_500;
const random = seeded('permit tests');
const pilots = createGroup('Pilots', ['Ada', 'Brian', 'Carla'], random);
const masters = createGroup(
  'Masters',
  ['Ada', 'Dora'],
  random,
  pilots.members.slice(0, 1).map(({ identity }) => identity),
);
const committee = createCommittee(4, 2, random);
let key: Awaited<ReturnType<typeof loadCurrentKey>>['key'];
let context: StatementContext;
let other: StatementContext;
let permit: Permit;

beforeAll(async () => {
  const current = await loadCurrentKey();
  key = current.key;
  const options = { verificationKey: current.hash, setup: 'bb'.repeat(32), random };
  context = createStatement([pilots, masters], committee, { count: 2 }, options);
  other = createStatement([pilots, masters], committee, { count: 2 }, options);
  permit = await permitOnce(context, pilots, 0, NOW);
});

/** Whether a verifier that holds this statement takes a permit: its signals come from there. */
async function holds(own: StatementContext, value: Permit): Promise<boolean> {
  const checked = checkPermit(own, value);
  const proof = parseProof(value.proof);
  if (!checked.ok || !proof.ok) return false;
  return verifyProof(key, { proof: proof.value, publicSignals: permitSignals(own, checked.value) }, systemRandom);
}

describe('a permit', () => {
  it('is good for the statement, group, week and slot that it was made for, and for no others', async () => {
    expect(await holds(context, permit)).toBe(true);
    expect(await holds(other, permit)).toBe(false);
    const forged: Partial<Permit>[] = [
      { slot: 1 },
      { week: permit.week + 1 },
      { nullifier: '5' },
      { said: sayOpen(masters.id, context.id) },
      { ephemeral: permit.sealed, sealed: permit.ephemeral },
    ];
    for (const change of forged) expect(await holds(context, { ...permit, ...change }), JSON.stringify(change)).toBe(false);
    expect(await holds(other, { ...permit, said: sayOpen(pilots.id, other.id) })).toBe(false);
    const elsewhere = { ...context, statement: { ...context.statement, platform: pilots.header.group.issuer } };
    expect(await holds(elsewhere, permit)).toBe(false);
  });

  it('is no proof for another roll of its group', async () => {
    const without = nextRoll(pilots, pilots.members.slice(1));
    expect(await holds({ ...context, rolls: new Map([...context.rolls, [pilots.id, without.header]]) }, permit)).toBe(false);
  });

  it('has nullifiers that have nothing to do with each other, nor with those of signatures', () => {
    const ada = pilots.members[0]?.identity;
    if (!ada) throw new Error('nobody');
    const { platform } = context.statement;
    const scopes = [
      permitScope(platform, pilots.id, 1, 0),
      permitScope(platform, pilots.id, 1, 1),
      permitScope(platform, pilots.id, 2, 0),
      permitScope(platform, masters.id, 1, 0),
      permitScope(pilots.id, pilots.id, 1, 0),
      context.scope,
    ];
    expect(new Set(scopes.map((scope) => formatField(nullifierOf(ada, scope)))).size).toBe(scopes.length);
    expect(permit.nullifier).toBe(formatField(nullifierOf(ada, permitScope(platform, pilots.id, weekOf(NOW), 0))));
  });

  it('is of a week of UTC, for ten minutes more, and kept for a day', () => {
    const start = startOfWeek(permit.week);
    expect([start % 604_800, weekOf(start), weekOf(start - 1)]).toEqual([0, permit.week, permit.week - 1]);
    expect([isOpenWeek(permit.week, start + 604_800 + 599), isOpenWeek(permit.week, start + 604_800 + 600)]).toEqual([true, false]);
    const gone = start + 604_800 + 86_400;
    expect([firstKeptWeek(gone - 1), firstKeptWeek(gone)]).toEqual([permit.week, permit.week + 1]);
    expect(checkPermit(context, { ...permit, slot: MOST_QUOTA }).ok).toBe(false);
  });

  it('is for the newest roll, or the one before for an hour', () => {
    const next = nextRoll(pilots, pilots.members, NOW);
    const history = [next.header, pilots.header];
    expect(wasNewestRoll(next.header, history, NOW + 9_999)).toBe(true);
    expect(wasNewestRoll(pilots.header, history, NOW + 3_600)).toBe(true);
    expect(wasNewestRoll(pilots.header, history, NOW + 3_601)).toBe(false);
    expect(wasNewestRoll(pilots.header, [next.header], NOW)).toBe(false);
  });
});

describe('the policy of a group', () => {
  it('holds for what is opened later: until then what was before it', () => {
    const terms = { group: pilots.header.group, opening: 'accounts', foreign: false, quota: 1 } as const;
    const first = signGroupPolicy({ ...terms, number: 1, time: NOW }, pilots.seed);
    const second = signGroupPolicy({ ...terms, number: 2, quota: 5, time: NOW + 100 }, pilots.seed);
    const third = signGroupPolicy({ ...terms, number: 3, quota: 3, time: NOW + 200 }, pilots.seed);
    const loosest = (since: number) => loosestRules([first, second, third], since);
    expect(loosestRules([], NOW)).toEqual(STANDARD_RULES);
    expect(loosest(NOW)).toEqual({ opening: 'open', foreign: true, quota: 5 });
    expect(loosest(NOW + 1)).toEqual({ opening: 'accounts', foreign: false, quota: 5 });
    expect(loosest(NOW + 201).quota).toBe(3);
  });
});

describe('a dishonest prover', () => {
  it('cannot seal its token to a key that it knows: the proof is for another key than the constant one', async () => {
    const { files } = await loadCurrentKey();
    const own = multiplySecret(BASE, randomScalar(random));
    const scope = permitScope(context.statement.platform, pilots.id, permit.week, 0);
    const request = { context: { rolls: context.rolls, scope }, key: own, verificationKey: context.statement.verificationKey };
    const { proven, job } = prepareProof({ ...request, ...placeOf(pilots, 1), said: sayOpen(pilots.id, context.id) }, random);
    const { proof } = await proveSign(job.input, files, { random });
    expect(await holds(context, { ...permit, ...proven, proof })).toBe(false);
  });
});
