import { bytesToHex } from '@noble/hashes/utils.js';
import { type Body, createListingSalt } from '#lib/protocol/board/listed.ts';
import type { KeyMessage } from '#lib/protocol/key/key-messages.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { formatField } from '#lib/protocol/numbers/field.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import type { Statement, StatementContext } from '#lib/protocol/statement/statement.ts';
import { BENCH_SETUP, type BenchKey } from '../make-record/bench-key.ts';
import { createBenchSigner } from '../make-record/sign-entries.ts';
import { type MadeCommittee, makeCommittee, makeGroups, makeStatement } from '../make-record/stage.ts';

/** What a platform of the bench needs: everything up to a statement that can be signed. Seeds are hex, capsules base64. */
export type StageFile = {
  id: string;
  group: { id: string; name: string; seed: string; header: RollHeader; leaves: string[]; capsules: string };
  statement: Statement;
  messages: KeyMessage[];
  platform: string;
};

/** A statement under the bench key, keyed by a committee of four, and what signs it. */
export type BenchStage = {
  context: StatementContext;
  committee: MadeCommittee;
  /** The signature of a member, by its place in the roll, as it is posted. */
  sign(member: number): Promise<Body>;
  file: StageFile;
};

export function makeBenchStage(bench: BenchKey, members: number, needed: number, random: Random): BenchStage {
  const groups = makeGroups(members, random);
  const [group] = groups;
  if (!group || groups.length > 1) throw new RangeError('"members" must fit one group');
  const platform = random(32);
  const seeds = Array.from({ length: 4 }, () => random(32));
  const key = { verificationKey: bench.hash, setup: BENCH_SETUP };
  const context = makeStatement(groups, { count: needed }, platform, seeds, key, random);
  const committee = makeCommittee(context, seeds, random);
  const sign = createBenchSigner(bench, random);
  const { id, header, leaves, capsules, seed } = group;
  return {
    context,
    committee,
    sign: async (member) => ({ entry: await sign(context, committee.keyed, group, member), salt: createListingSalt(random) }),
    file: {
      id: context.id,
      group: {
        id,
        name: header.group.name,
        seed: bytesToHex(seed),
        header,
        leaves: leaves.map(formatField),
        capsules: Buffer.from(capsules).toString('base64'),
      },
      statement: context.statement,
      messages: committee.messages,
      platform: bytesToHex(platform),
    },
  };
}
