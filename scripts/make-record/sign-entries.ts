import type { FetchFile } from '#lib/proof/artifacts.ts';
import type { Manifest } from '#lib/proof/manifest.ts';
import { type Entry, publicSignals } from '#lib/protocol/board/signature.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import { sealPoint } from '#lib/protocol/key/sealing.ts';
import { nullifierOf } from '#lib/protocol/member/credential.ts';
import { findPath } from '#lib/protocol/member/roll.ts';
import { middleLevel, plantTree } from '#lib/protocol/member/roll-tree.ts';
import { clearToken, membershipOf, tokenOf } from '#lib/protocol/member/token.ts';
import { type Field, formatField } from '#lib/protocol/numbers/field.ts';
import { formatPoint } from '#lib/protocol/numbers/point.ts';
import { type Random, randomScalar } from '#lib/protocol/numbers/random.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { makeEntry, sayAye } from '#lib/signing/make-entry.ts';
import { loadProvingKit, proveJob } from '#lib/signing/prove-job.ts';
import type { BenchKey } from './bench-key.ts';
import type { MadeGroup } from './stage.ts';

/** Makes the signature of the member at a place of a group. */
export type Signer = (context: StatementContext, keyed: Keyed, group: MadeGroup, member: number) => Promise<Entry>;

/** Signs as a wallet does, with a real proof. Takes a second or more each. */
export async function createRealSigner(manifest: Manifest, fetchFile: FetchFile, random: Random): Promise<Signer> {
  const kit = await loadProvingKit(manifest, manifest.current, fetchFile);
  if (!kit.ok) throw new Error(kit.code);
  const middles = new Map<MadeGroup, Field[]>();
  return async (context, keyed, group, member) => {
    const { header, leaves, names, identities } = group;
    const middle = middles.get(group) ?? middleLevel(plantTree(leaves, header.depth));
    middles.set(group, middle);
    const path = findPath(header, leaves, middle, member);
    const identity = identities[member];
    if (!path || !identity) throw new RangeError('"member" is not in the group');
    const membership = { group: header.group, name: names[member] as string, platform: 'https://example.org' };
    const place = { group: group.id, membership, header, path };
    const request = { context, key: keyed, place, identity, said: sayAye(group.id) };
    const entry = await makeEntry(request, (job) => proveJob(job, kit.value, { random }), random);
    if (!entry.ok) throw new Error(entry.code);
    return entry.value;
  };
}

/** Signs with everything real but the proof, which is forged under the bench key. */
export function createBenchSigner(key: BenchKey, random: Random): Signer {
  return async (context, keyed, group, member) => {
    const identity = group.identities[member];
    if (!identity) throw new RangeError('"member" is not in the group');
    const token = tokenOf(membershipOf(identity, group.id), group.id, group.names[member] as string);
    const { ephemeral, sealed } = sealPoint(clearToken(token.point), keyed.key, randomScalar(random));
    const unproven: Omit<Entry, 'proof'> = {
      type: 'entry',
      statement: context.id,
      said: sayAye(group.id),
      nullifier: formatField(nullifierOf(identity, context.scope)),
      ephemeral: formatPoint(ephemeral),
      sealed: formatPoint(sealed),
    };
    const { a, b, c } = key.forge(publicSignals(context, keyed.key, unproven as Entry), random);
    return { ...unproven, proof: { a, b, c } };
  };
}
