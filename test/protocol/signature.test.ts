import { beforeAll, describe, expect, it } from 'vitest';
import { parseProof } from '#lib/proof/proof.ts';
import type { VerificationKey } from '#lib/proof/verification-key.ts';
import { verifyProof } from '#lib/proof/verify.ts';
import { checkEntry, type Entry, messageOf, type Proof, publicSignals, type Said } from '#lib/protocol/board/signature.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import { FIELD_ORDER, type Field } from '#lib/protocol/numbers/field.ts';
import { BASE, formatPoint, type Point, type PointText, parsePoint } from '#lib/protocol/numbers/point.ts';
import { type StatementContext, scopeOf, statementId } from '#lib/protocol/statement/statement.ts';
import { loadCurrentKey } from '../proof/current-key.ts';
import { signOnce } from '../support/recorded-entries.ts';
import { makeKey, systemRandom, type TestGroup } from '../support/world.ts';
import { smallOrderPoint } from './make-vectors/odd-points.ts';
import { createScene, PLAIN_SETUP } from './make-vectors/scene.ts';

let context: StatementContext;
let keyed: Keyed;
let entries: Entry[];
let verificationKey: VerificationKey;
/** Whether a proof holds for these signals. */
const holds = (proof: Proof, signals: Field[]) =>
  verifyProof(verificationKey, { proof: parsedProof(proof), publicSignals: signals }, systemRandom);
const isGood = async (entry: Entry) => {
  const checked = checkEntry(context, entry);
  if (!checked.ok) return checked.code;
  return (await holds(checked.value.proof, publicSignals(context, keyed.key, checked.value))) ? 'ok' : 'BAD_PROOF';
};
function parsedProof(proof: Proof) {
  const parsed = parseProof(proof);
  if (!parsed.ok) throw new Error(parsed.code);
  return parsed.value;
}

beforeAll(async () => {
  const current = await loadCurrentKey();
  verificationKey = current.key;
  const plan = { setup: { ...PLAIN_SETUP, verificationKey: current.hash }, threshold: 2, size: 4, members: [5, 9], trigger: { count: 3 } };
  const scene = createScene('signatures with proofs', plan);
  ({ context } = scene);
  ({ keyed } = makeKey(context, scene.committee, scene.random));
  const group = scene.groups[0] as TestGroup;
  entries = [];
  for (const [member, said] of [
    [0, { action: 'sign', group: group.id }],
    [1, { action: 'sign', group: group.id, minimum: 5 }],
    [0, { action: 'withdraw', group: group.id }],
  ] as [number, Said][])
    entries.push(await signOnce(context, keyed.key, group, member, said));
});

describe('a signature with its real proof', () => {
  it('holds as it was made', async () => {
    for (const entry of entries) expect(await isGood(entry)).toBe('ok');
  });

  it('T5: holds for no other sealed point and no other ephemeral, nor re-randomised', async () => {
    const [a, b] = entries as [Entry, Entry];
    expect(await isGood({ ...a, sealed: b.sealed })).toBe('BAD_PROOF');
    expect(await isGood({ ...a, ephemeral: b.ephemeral })).toBe('BAD_PROOF');
    expect(await isGood({ ...a, sealed: b.sealed, ephemeral: b.ephemeral })).toBe('BAD_PROOF');
    const [ephemeral, sealed] = [parsePoint(a.ephemeral), parsePoint(a.sealed)] as [Point, Point];
    const mixed = { ephemeral: formatPoint(ephemeral.add(BASE)), sealed: formatPoint(sealed.add(keyed.key)) };
    expect(await isGood({ ...a, ...mixed })).toBe('BAD_PROOF');
  });

  it('T44: holds for no sealed point with a small-order part, which could mark it through a mixer', async () => {
    const [a] = entries as [Entry];
    const marked = (text: PointText) => formatPoint((parsePoint(text) as Point).add(smallOrderPoint()));
    expect(await isGood({ ...a, sealed: marked(a.sealed) })).toBe('BAD_PROOF');
    expect(await isGood({ ...a, ephemeral: marked(a.ephemeral) })).toBe('BAD_PROOF');
  });

  it('T7: holds for no other nullifier, and no other spelling of its own', async () => {
    const [a, b] = entries as [Entry, Entry];
    expect(await isGood({ ...a, nullifier: b.nullifier })).toBe('BAD_PROOF');
    for (const alias of [
      `0${a.nullifier}`,
      `0x${BigInt(a.nullifier).toString(16)}`,
      String(BigInt(a.nullifier) + FIELD_ORDER),
      ` ${a.nullifier}`,
    ])
      expect(await isGood({ ...a, nullifier: alias })).toBe('BAD_SHAPE');
  });

  it('T7: holds for nothing else that the signer could have said, so no proof has two uses', async () => {
    const [a] = entries as [Entry];
    const { group } = a.said;
    const others: Said[] = [
      { action: 'sign', group, minimum: 2 },
      { action: 'withdraw', group },
    ];
    for (const said of others) expect(await isGood({ ...a, said })).toBe('BAD_PROOF');
    const withdrawal = entries.find((entry) => entry.said.action === 'withdraw') as Entry;
    expect(await isGood({ ...withdrawal, said: { action: 'sign', group: withdrawal.said.group } })).toBe('BAD_PROOF');
  });

  it('T36: holds only for root and depth of the roll of the group it names', async () => {
    const groups = context.statement.rolls.map(({ group }) => group);
    const [a] = entries as [Entry];
    const other = groups.find((group) => group !== a.said.group) as string;
    expect(await isGood({ ...a, said: { ...a.said, group: other } as Said })).toBe('BAD_PROOF');
    const roll = context.rolls.get(a.said.group) as NonNullable<ReturnType<typeof context.rolls.get>>;
    const otherRoll = context.rolls.get(other) as typeof roll;
    const signals = publicSignals(context, keyed.key, a);
    for (const mixed of [
      { ...roll, depth: otherRoll.depth },
      { ...roll, root: otherRoll.root },
    ]) {
      const changed = publicSignals({ ...context, rolls: new Map([...context.rolls, [a.said.group, mixed]]) }, keyed.key, a);
      expect(changed.join()).not.toBe(signals.join());
      expect(await holds(a.proof, changed)).toBe(false);
    }
  });

  it('T6: is refused where it was not made, however it is labelled: named as another statement’s or as this one’s', async () => {
    const [a] = entries as [Entry];
    const statement = { ...context.statement, nonce: 'ff'.repeat(32) };
    const other = { ...context, statement, id: statementId(statement), scope: scopeOf(statement) };
    expect(checkEntry(other, a)).toMatchObject({ ok: false, code: 'OTHER_STATEMENT' });
    const moved = { ...a, statement: other.id };
    expect(checkEntry(other, moved).ok).toBe(true);
    expect(await holds(a.proof, publicSignals(other, keyed.key, moved))).toBe(false);
  });

  it('T8: holds for no other statement and no other key', async () => {
    const [a] = entries as [Entry];
    const otherScope = publicSignals({ ...context, scope: messageOf(a.said) }, keyed.key, a);
    const otherKey = publicSignals(context, keyed.key.double(), a);
    for (const publicSignals of [otherScope, otherKey]) expect(await holds(a.proof, publicSignals)).toBe(false);
  });

  it('T32: with an ephemeral that opens to everybody is refused before its proof is looked at', async () => {
    expect(await isGood({ ...(entries[0] as Entry), ephemeral: ['0', '1'] })).toBe('SEAL_OPEN_TO_ALL');
    expect(await isGood({ ...(entries[0] as Entry), sealed: ['0', '1'] })).toBe('BAD_POINT');
  });
});

describe('what is said', () => {
  it('has a message and a hash of its own for every difference', () => {
    const group = '1a'.repeat(32);
    const all: Said[] = [
      { action: 'sign', group },
      { action: 'sign', group: '2b'.repeat(32) },
      { action: 'sign', group, minimum: 2 },
      { action: 'sign', group, minimum: 3 },
      { action: 'withdraw', group },
      { action: 'withdraw', group: '2b'.repeat(32) },
    ];
    expect(new Set(all.map(messageOf)).size).toBe(all.length);
    expect(messageOf({ action: 'sign', group, minimum: undefined } as Said)).toBe(messageOf({ action: 'sign', group }));
  });
});
