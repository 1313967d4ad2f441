import { beforeAll, expect, it } from 'vitest';
import type { KeyMessage } from '#lib/protocol/key/key-messages.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { type KeySituation, nextKeyStep } from '#lib/trustee/key-policy.ts';
import { seeded } from '../circuits/signer.ts';
import { createCommittee, createGroup, createStatement, type KeyCeremony, makeKey } from '../support/world.ts';

const NOW = 1_800_000_000;
let context: StatementContext;
let key: KeyCeremony;
let situation: KeySituation;
let dealt: KeyMessage[];

beforeAll(() => {
  const random = seeded('key policy');
  const committee = createCommittee(4, 2, random);
  const group = createGroup('Sailors', ['Ann', 'Ben', 'Cem'], random);
  context = createStatement([group], committee, { count: 2 }, { verificationKey: 'a'.repeat(64), setup: 'b'.repeat(64), random });
  key = makeKey(context, committee, random);
  situation = { context, trustee: 2, secrets: key.secrets[1] ?? null, transcript: undefined, hasCapsules: true };
  dealt = [...key.commits, ...key.deals];
});

const step = (messages: readonly KeyMessage[], change: Partial<KeySituation> = {}, now = NOW) =>
  nextKeyStep({ ...situation, ...change }, messages, now);
const others = (messages: readonly KeyMessage[]) => messages.filter(({ trustee }) => trustee !== 2);

it('commits, waits for all commits, deals, waits for all deals, and confirms the share that was dealt to it', () => {
  expect(step(others(key.commits))).toEqual({ step: 'commit' });
  expect(step(key.commits.slice(0, 3))).toEqual({ step: 'wait', missing: [4] });
  expect(step(key.commits)).toEqual({ step: 'deal', commits: key.commits });
  expect(step(dealt.slice(0, 6))).toEqual({ step: 'wait', missing: [3, 4] });
  const { transcript } = key.keyed;
  expect(step([...dealt].reverse())).toEqual({ step: 'confirm', commits: key.commits, deals: key.deals, share: key.shares[1], transcript });
});

it('confirms nothing while it lacks the capsules of a roll: it fetches them first (T45)', () => {
  expect(step(dealt, { hasCapsules: false })).toEqual({ step: 'fetch-capsules' });
});

it('waits after its confirm, whatever the time, until all have confirmed the same', () => {
  const confirmed = { transcript: key.keyed.transcript, secrets: null };
  const late = context.statement.openBy + 1000;
  expect(step([...dealt, ...key.confirms.slice(0, 3)], confirmed, late)).toEqual({ step: 'wait', missing: [4] });
  expect(step([...dealt, ...key.confirms], confirmed, late)).toMatchObject({ step: 'keyed', keyed: { transcript: key.keyed.transcript } });
});

it('never takes another transcript than the one it stored a share for', () => {
  const other = { transcript: 'c'.repeat(64) };
  expect(step(dealt, other)).toEqual({ step: 'abort', blame: [] });
  expect(step([...dealt, ...key.confirms], other)).toEqual({ step: 'wait', missing: [] });
});

it('gives up, and confirms nothing, when the time is over or its secrets are gone', () => {
  expect(step(dealt, {}, context.statement.openBy)).toMatchObject({ step: 'confirm' });
  const silent = [1, 2, 3, 4].map((trustee) => ({ trustee, reason: 'SILENT' }));
  expect(step(dealt, {}, context.statement.openBy + 1)).toEqual({ step: 'abort', blame: silent });
  expect(step(dealt, { secrets: null })).toEqual({ step: 'abort', blame: [] });
});
