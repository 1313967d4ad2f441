import { bn254 } from '@noble/curves/bn254.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { readFromDisk } from '#lib/proof/disk.ts';
import { parseProof } from '#lib/proof/proof.ts';
import { verifyProof } from '#lib/proof/verify.ts';
import { checkEntry, type Entry, entryHash, type Proof, publicSignals } from '#lib/protocol/board/signature.ts';
import { createIdentity } from '#lib/protocol/member/credential.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { rollHash } from '#lib/protocol/member/roll.ts';
import { formatField } from '#lib/protocol/numbers/field.ts';
import { judgeInvitingKey } from '#lib/signing/ended-keys.ts';
import { findEligible, findInRoll, findMembership, usableFor } from '#lib/signing/find-membership.ts';
import { makeBody, makeEntry, type Prover, prepareEntry, sayAye, sayWithdrawn } from '#lib/signing/make-entry.ts';
import { loadProvingKit, type ProvingKit, proveJob } from '#lib/signing/prove-job.ts';
import { rememberRoll, seenRoll } from '#lib/signing/seen-rolls.ts';
import { identityOf } from '#lib/signing/wallet.ts';
import { publish } from '../support/record-parts.ts';
import { createGroup, systemRandom } from '../support/world.ts';
import { answeringApi, listsOf, placeOf, type Stage, setStage, value, walletOf } from './stage.ts';

let stage: Stage;
let kit: ProvingKit;
beforeAll(async () => {
  stage = await setStage({ hasWallets: true });
  kit = value(await loadProvingKit(stage.manifest, stage.context.statement.verificationKey, readFromDisk()));
});

const never: Prover = () => Promise.reject(new Error('must not be proved'));
const requestOf = (member: number, said = sayAye(stage.group.id)) => {
  const { identity } = stage.group.members[member]!;
  return { context: stage.context, key: stage.ceremony.keyed, place: placeOf(stage.group, member), identity, said };
};

/** Another proof of the same, which anybody can make of one: (r·A, r⁻¹·B, C). Groth16 is malleable in this way. */
function rerandomise({ a, b, c }: Proof): Proof {
  const { Fr, Fp2 } = bn254.fields;
  const r = 12_345n;
  const A = bn254.G1.Point.fromAffine({ x: BigInt(a[0]), y: BigInt(a[1]) })
    .multiply(r)
    .toAffine();
  const pair = ([c0, c1]: readonly [string, string]) => Fp2.fromBigTuple([BigInt(c0), BigInt(c1)]);
  const B = bn254.G2.Point.fromAffine({ x: pair(b[0]), y: pair(b[1]) })
    .multiply(Fr.inv(r))
    .toAffine();
  const texts = ({ c0, c1 }: { c0: bigint; c1: bigint }) => [String(c0), String(c1)] as const;
  return { a: [String(A.x), String(A.y)], b: [texts(B.x), texts(B.y)], c };
}

describe('finding one’s place', () => {
  it('takes the membership whose group the statement names, and fetches the whole roll (T14)', async () => {
    const wallet = walletOf(stage, 3);
    const { eligible, lookalikes } = findEligible(stage.context, wallet);
    expect(lookalikes).toEqual([]);
    const asked: string[] = [];
    const api = answeringApi((path) => {
      asked.push(path);
      return new Response(listsOf(stage.group)[path.endsWith('/names') ? 'names' : 'leaves'] as Uint8Array<ArrayBuffer>);
    });
    const place = value(await findMembership(api, eligible[0]!, identityOf(wallet)));
    expect(place.path.index).toBe(3);
    expect(place.path.siblings).toHaveLength(stage.group.header.depth);
    const roll = `/api/anonymous/rolls/${rollHash(stage.group.header)}`;
    expect(asked.sort()).toEqual([`${roll}/leaves`, `${roll}/names`]);
  });

  it('finds a place under the middle nodes of a large roll', () => {
    const large = createGroup(
      'Large',
      Array.from({ length: 600 }, (_, i) => `Person ${i}`),
      systemRandom,
    );
    expect(large.header.depth).toBe(10);
    expect(placeOf(large, 599).path.index).toBe(599);
  });

  it('says plainly that the roll does not hold this wallet, or holds it under another name', () => {
    const lists = listsOf(stage.group);
    const renamed = findEligible(stage.context, walletOf(stage, 0, { name: 'Somebody Else' })).eligible[0]!;
    const found = findInRoll(lists, renamed, stage.group.members[0]!.identity);
    expect(found).toMatchObject({ ok: false, code: 'NOT_IN_ROLL' });
    expect(found.ok ? '' : found.detail).toContain('“Somebody Else”');
    const own = findEligible(stage.context, walletOf(stage, 0)).eligible[0]!;
    expect(findInRoll(lists, own, createIdentity(systemRandom))).toMatchObject({ ok: false, code: 'NOT_IN_ROLL' });
  });

  it('refuses leaves that the issuer did not sign for', () => {
    const leaves = [...stage.group.leaves];
    leaves[5] = leaves[6]!;
    const own = findEligible(stage.context, walletOf(stage, 0)).eligible[0]!;
    const { identity } = stage.group.members[0]!;
    const found = findInRoll(listsOf({ ...stage.group, leaves }), own, identity);
    expect(found).toMatchObject({ ok: false, code: 'ROLL_ROOT' });
    const short = { ...listsOf(stage.group), leaves: new Uint8Array(33) };
    expect(findInRoll(short, own, identity)).toMatchObject({ ok: false, code: 'ROLL_FILE' });
  });

  it('uses no roll in which the own capsule is missing: the name could never be shown (T45)', () => {
    const others = createGroup('Harbour pilots', ['Other', 'Another'], systemRandom);
    const { identity } = stage.group.members[0]!;
    const own = findEligible(stage.context, walletOf(stage, 0)).eligible[0]!;
    const names = listsOf(others).names;
    expect(findInRoll({ ...listsOf(stage.group), names }, own, identity)).toMatchObject({ ok: false, code: 'BAD_CAPSULES' });
  });

  it('uses no roll of which the wallet has seen another of the same number: the issuer has signed two', () => {
    const wallet = walletOf(stage, 0);
    const other = createGroup('Harbour pilots', ['Other', 'Another'], systemRandom).header;
    const seen = { ...seenRoll(other), group: stage.group.id };
    const { eligible, forked } = findEligible(stage.context, rememberRoll(wallet, seen));
    expect([eligible.length, forked.length]).toEqual([0, 1]);
    // Nobody signs with it, and whoever has signed with it before can still go back.
    expect([usableFor('sign', { eligible, forked }), usableFor('withdraw', { eligible, forked })]).toEqual([null, forked]);
    const own = rememberRoll(wallet, seenRoll(stage.group.header));
    expect(findEligible(stage.context, own)).toMatchObject({ eligible: [{ group: stage.group.id }], forked: [] });
  });

  it('points out a group that only bears the name of the member’s own, and lets nobody sign in it (T28)', () => {
    const pinned = createGroup('Harbour pilots', ['Me'], systemRandom);
    const { eligible, lookalikes } = findEligible(stage.context, walletOf({ ...stage, group: pinned }, 0));
    expect(eligible).toEqual([]);
    expect(lookalikes).toMatchObject([{ group: groupId(stage.group.header.group) }]);
  });
});

describe('a group whose name only looks like that of the member’s own', () => {
  it.each(['Harbour 船\u{e0100}', 'Harbour 船'])('is pointed out, spelt %j', (name) => {
    const other = createGroup(name, ['Me'], systemRandom);
    const own = createGroup('Harbour 船', ['Me'], systemRandom);
    const wallet = walletOf({ ...stage, group: own }, 0);
    expect(findEligible({ rolls: new Map([[other.id, other.header]]) }, wallet).lookalikes).toMatchObject([{ group: other.id }]);
    expect(judgeInvitingKey(wallet, other.header.group, [])).toMatchObject({ kind: 'other' });
  });
});

describe('making a signature', () => {
  let entry: Entry;
  let salt: string;
  const prove: Prover = (job) => proveJob(job, kit, { random: systemRandom });
  beforeAll(async () => {
    ({ entry, salt } = value(await makeBody(requestOf(2, sayAye(stage.group.id, 3)), prove, systemRandom)));
  });

  it('yields an entry that everybody else accepts', async () => {
    expect(checkEntry(stage.context, entry).ok).toBe(true);
    expect(entry.said).toEqual({ action: 'sign', group: stage.group.id, minimum: 3 });
    const item = { proof: value(parseProof(entry.proof)), publicSignals: publicSignals(stage.context, stage.ceremony.keyed.key, entry) };
    expect(await verifyProof(kit.key, item, systemRandom)).toBe(true);
  });

  it('comes with a listing salt that is drawn for it alone', async () => {
    expect(salt).toMatch(/^[0-9a-f]{64}$/);
    const ready: Prover = () => Promise.resolve({ ok: true, value: entry.proof });
    const again = value(await makeBody(requestOf(2, sayAye(stage.group.id, 3)), ready, systemRandom));
    expect(again.salt).not.toBe(salt);
  });

  it('has the same nullifier and another seal for the withdrawal, which needs nothing of the signature (T63)', () => {
    const { unproven } = prepareEntry(requestOf(2, sayWithdrawn(stage.group.id)), systemRandom);
    expect(unproven.nullifier).toBe(entry.nullifier);
    expect(unproven.ephemeral).not.toEqual(entry.ephemeral);
    expect(unproven.said).toEqual({ action: 'withdraw', group: stage.group.id });
  });

  it('is taken back by another device after its proof was re-randomised: by nullifier, whatever its hash has become (T63)', async () => {
    const turned: Entry = { ...entry, proof: rerandomise(entry.proof) };
    const signals = publicSignals(stage.context, stage.ceremony.keyed.key, turned);
    expect(await verifyProof(kit.key, { proof: value(parseProof(turned.proof)), publicSignals: signals }, systemRandom)).toBe(true);
    expect(entryHash(turned)).not.toBe(entryHash(entry));
    const { unproven } = prepareEntry(requestOf(2, sayWithdrawn(stage.group.id)), systemRandom);
    const board = publish(stage.context, stage.ceremony.keyed, [[turned], [{ ...unproven, proof: entry.proof }]], 1_800_002_000);
    expect(board.checkpoints.map(({ live }) => live[0]?.count)).toEqual([1, 0]);
  });

  it('notices when the circuit comes to another result than the signer', async () => {
    const { job } = prepareEntry(requestOf(2), systemRandom);
    const nullifier = formatField(stage.context.scope);
    expect(await proveJob({ ...job, expected: job.expected.with(1, nullifier) }, kit, { random: systemRandom })).toMatchObject({
      ok: false,
      code: 'PROOF_OTHER',
    });
  });

  it('refuses what no board would take before it spends time on a proof', async () => {
    expect(await makeEntry(requestOf(2, sayAye(stage.group.id, 9)), never, systemRandom)).toMatchObject({
      ok: false,
      code: 'MINIMUM_UNREACHABLE',
    });
    await expect(makeEntry(requestOf(2, sayAye('e'.repeat(64))), never, systemRandom)).rejects.toThrow(TypeError);
  });

  it('tells its stages and stops when told to', async () => {
    const { job } = prepareEntry(requestOf(1), systemRandom);
    const stages: string[] = [];
    const controller = new AbortController();
    const onStage = (name: string) => {
      stages.push(name);
      if (name === 'proof') controller.abort(new Error('changed my mind'));
    };
    await expect(proveJob(job, kit, { random: systemRandom, onStage, signal: controller.signal })).rejects.toThrow('changed my mind');
    expect(stages).toEqual(['witness', 'proof']);
  });

  it('uses no proving file that differs from the manifest', async () => {
    const disk = readFromDisk();
    const altered = async (path: string) => {
      const bytes = await disk(path);
      if (path.endsWith('.wasm')) bytes[1000]! ^= 1;
      return bytes;
    };
    expect(await loadProvingKit(stage.manifest, stage.context.statement.verificationKey, altered)).toMatchObject({
      ok: false,
      code: 'ARTIFACT_ALTERED',
    });
  });
});
