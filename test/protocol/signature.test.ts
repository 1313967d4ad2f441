import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkEntry, compareEntries, type Entry, entryHash, messageOf, publicSignals, type Said } from '#lib/protocol/board/signature.ts';
import { judgeKeyGeneration, type Keyed } from '#lib/protocol/key/key-judgement.ts';
import type { KeyMessage } from '#lib/protocol/key/key-messages.ts';
import { FIELD_ORDER } from '#lib/protocol/numbers/field.ts';
import type { ProofSystem } from '#lib/protocol/record/record-report.ts';
import { checkStatement, type Statement, type StatementContext } from '#lib/protocol/statement/statement.ts';
import { readLine } from './make-vectors/seal-record.ts';
import { readRecord, rememberingProofSystem } from './remembering-proofs.ts';

let context: StatementContext;
let keyed: Keyed;
let entries: Entry[];
let proofs: ProofSystem;
const isGood = async (entry: Entry) => {
  const checked = checkEntry(context, entry);
  if (!checked.ok) return checked.code;
  const item = { proof: checked.value.proof, publicSignals: publicSignals(context, keyed.key, checked.value) };
  return (await proofs.findBadProofs(context.statement.verificationKey, [item])).length === 0 ? 'ok' : 'BAD_PROOF';
};

beforeAll(async () => {
  const lines = (await readRecord('record-revealed.ndjson')).map((text) => readLine(text) as Record<string, unknown>);
  const headers = lines.filter((line) => line.type === 'roll').map(({ leaves: _, ...header }) => header);
  const checked = checkStatement(lines[0]?.statement as Statement, headers as never);
  if (!checked.ok) throw new Error(checked.code);
  context = checked.value;
  const messages = lines.filter((line) => ['commit', 'deal', 'confirm'].includes(line.type as string));
  keyed = judgeKeyGeneration(context, messages as unknown as KeyMessage[]) as Keyed;
  entries = lines.filter((line) => line.type === 'entry') as unknown as Entry[];
  proofs = await rememberingProofSystem();
});

describe('a signature with its real proof', () => {
  it('holds as it was made', async () => {
    for (const entry of entries) expect(await isGood(entry)).toBe('ok');
  });

  it('T5: holds for no other sealed text: not one element of the ciphertext nor the ephemeral can be exchanged', async () => {
    const [a, b] = entries as [Entry, Entry];
    for (const i of [0, 1, 2, 3]) {
      const ciphertext = a.ciphertext.map((text, k) => (k === i ? (b.ciphertext[k] as string) : text)) as unknown as Entry['ciphertext'];
      expect(await isGood({ ...a, ciphertext })).toBe('BAD_PROOF');
    }
    expect(await isGood({ ...a, ciphertext: b.ciphertext, ephemeral: b.ephemeral })).toBe('BAD_PROOF');
    expect(await isGood({ ...a, ephemeral: b.ephemeral })).toBe('BAD_PROOF');
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
      { action: 'sign', group, testimony: '00'.repeat(32) },
      { action: 'withdraw', group, withdraws: entryHash(a) },
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
      expect(await proofs.findBadProofs(context.statement.verificationKey, [{ proof: a.proof, publicSignals: changed }])).toEqual([0]);
    }
  });

  it('T8: holds for no other statement and no other key', async () => {
    const [a] = entries as [Entry];
    const otherScope = publicSignals({ ...context, scope: messageOf(a.said) }, keyed.key, a);
    const otherKey = publicSignals(context, keyed.key.double(), a);
    for (const publicSignals of [otherScope, otherKey])
      expect(await proofs.findBadProofs(context.statement.verificationKey, [{ proof: a.proof, publicSignals }])).toEqual([0]);
  });

  it('T32: with an ephemeral that opens to everybody is refused before its proof is looked at', async () => {
    expect(await isGood({ ...(entries[0] as Entry), ephemeral: ['0', '1'] })).toBe('SEAL_OPEN_TO_ALL');
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
      { action: 'sign', group, testimony: '00'.repeat(32) },
      { action: 'sign', group, minimum: 2, testimony: '00'.repeat(32) },
      { action: 'withdraw', group, withdraws: '00'.repeat(32) },
    ];
    expect(new Set(all.map(messageOf)).size).toBe(all.length);
    expect(messageOf({ action: 'sign', group, minimum: undefined } as Said)).toBe(messageOf({ action: 'sign', group }));
  });

  it('is ordered by nullifier as a number, without ties between different entries of a checkpoint', () => {
    const number = fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n });
    const toEntry = (nullifier: bigint, action: string) => ({ nullifier: String(nullifier), said: { action } }) as Entry;
    fc.assert(
      fc.property(number, number, (a, b) => {
        expect(Math.sign(compareEntries(toEntry(a, 'sign'), toEntry(b, 'sign')))).toBe(a < b ? -1 : Number(a > b));
        expect(compareEntries(toEntry(a, 'sign'), toEntry(a, 'withdraw'))).toBe(-1);
      }),
    );
  });
});
