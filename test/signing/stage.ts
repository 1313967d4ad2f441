import { concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { createApi } from '#lib/api/client.ts';
import { encodeRollFile } from '#lib/api/roll-file.ts';
import type { StatementAnswer } from '#lib/api/shapes.ts';
import { loadManifest } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import { currentKey, type Manifest } from '#lib/proof/manifest.ts';
import type { Entry, Said } from '#lib/protocol/board/signature.ts';
import { hashCapsules } from '#lib/protocol/member/capsule.ts';
import { createRoot, identityOfRoot } from '#lib/protocol/member/recovery.ts';
import { plantTree } from '#lib/protocol/member/roll-tree.ts';
import type { Membership, Wallet } from '#lib/protocol/member/wallet-file.ts';
import type { Checked } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import type { Statement, StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Trigger } from '#lib/protocol/statement/trigger.ts';
import { type EligibleMembership, findInRoll, type RollPlace } from '#lib/signing/find-membership.ts';
import { prepareEntry } from '#lib/signing/make-entry.ts';
import { addMembership, emptyWallet } from '#lib/signing/wallet.ts';
import {
  createCommittee,
  createGroup,
  createStatement,
  type KeyCeremony,
  makeKey,
  systemRandom,
  type TestGroup,
} from '../support/world.ts';

export function value<T>(checked: Checked<T>): T {
  if (!checked.ok) throw new Error(`${checked.code}: ${checked.detail}`);
  return checked.value;
}

export async function readManifest(): Promise<Manifest> {
  return value(await loadManifest(readFromDisk()));
}

export type Stage = {
  manifest: Manifest;
  group: TestGroup;
  /** Of each member's wallet; none unless the stage `hasWallets`. */
  roots: Hex32[];
  context: StatementContext;
  ceremony: KeyCeremony;
  answer: StatementAnswer;
};

/** A keyed statement over one group of `size` members, and what the platform answers when asked for it. */
export async function setStage(
  options: { size?: number; names?: string[]; trigger?: Trigger; change?: Partial<Statement>; random?: Random; hasWallets?: true } = {},
): Promise<Stage> {
  const { random = systemRandom } = options;
  const manifest = await readManifest();
  const { verificationKey, transcript } = currentKey(manifest);
  const names = options.names ?? Array.from({ length: options.size ?? 8 }, (_, i) => `Member ${i + 1}, Ward Ñ’${i}`);
  const roots = options.hasWallets ? names.map(() => createRoot(random)) : [];
  const group = createGroup('Harbour pilots', names, random, options.hasWallets && roots.map(identityOfRoot));
  const committee = createCommittee(4, 2, random);
  const setup = { verificationKey, setup: transcript, random, ...(options.change ? { change: options.change } : {}) };
  const context = createStatement([group], committee, options.trigger ?? { count: 4 }, setup);
  const ceremony = makeKey(context, committee, random);
  const answer: StatementAnswer = {
    id: context.id,
    statement: context.statement,
    rolls: [group.header],
    state: 'open',
    keyGeneration: [...ceremony.commits, ...ceremony.deals, ...ceremony.confirms],
    time: 1_800_002_000,
  };
  return { manifest, group, roots, context, ceremony, answer };
}

/** The wallet of a member of the stage's group; `change` differs from what the issuer has attested. */
export function walletOf({ group, roots }: Pick<Stage, 'group' | 'roots'>, member: number, change: Partial<Membership> = {}): Wallet {
  const { name } = group.members[member]!;
  const membership = { group: group.header.group, name, platform: 'https://example.org', ...change };
  return addMembership(emptyWallet(roots[member]!), membership);
}

/** The two public lists of a roll, as the platform gives them out. */
export function listsOf({ leaves, header, capsules }: TestGroup) {
  const names = concatBytes(...hashCapsules(capsules).map(hexToBytes));
  return { leaves: encodeRollFile(plantTree(leaves, header.depth)), names };
}

export function placeOf(group: TestGroup, member: number): RollPlace {
  const { identity, name } = group.members[member]!;
  const membership = { group: group.header.group, name, platform: 'https://example.org' };
  const eligible: EligibleMembership = { membership, group: group.id, header: group.header };
  return value(findInRoll(listsOf(group), eligible, identity));
}

/** An entry with everything right but its proof, which boards and receipts do not look at. */
export function entryWithoutProof(stage: Stage, member: number, said: Said = { action: 'sign', group: stage.group.id }): Entry {
  const { identity } = stage.group.members[member]!;
  const place = placeOf(stage.group, member);
  const { unproven } = prepareEntry({ context: stage.context, key: stage.ceremony.keyed, place, identity, said }, systemRandom);
  return {
    ...unproven,
    proof: {
      a: ['1', '2'],
      b: [
        ['1', '2'],
        ['3', '4'],
      ],
      c: ['1', '2'],
    },
  };
}

/** A client whose requests are answered here. A function that throws is a network that fails. */
export function answeringApi(answer: (path: string, body: string) => Response) {
  return createApi('https://example.org', async (input, init) => answer(input.replace('https://example.org', ''), String(init.body ?? '')));
}
