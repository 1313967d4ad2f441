import { bytesToHex } from '@noble/hashes/utils.js';
import type { Entry } from '#lib/protocol/board/signature.ts';
import type { KeyMessage } from '#lib/protocol/key/key-messages.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { formatField } from '#lib/protocol/numbers/field.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import type { Statement, StatementContext } from '#lib/protocol/statement/statement.ts';
import { BENCH_SETUP, type BenchKey } from '../make-record/bench-key.ts';
import { createBenchSigner } from '../make-record/sign-entries.ts';
import { type MadeCommittee, makeCommittee, makeGroups, makeStatement } from '../make-record/stage.ts';

/** What a platform of the bench needs: everything up to a statement that can be signed. Seeds are hex. */
export type StageFile = {
  id: string;
  group: { id: string; name: string; seed: string; header: RollHeader; leaves: string[] };
  statement: Statement;
  messages: KeyMessage[];
  platform: string;
};

/** A statement under the bench key, keyed by a committee of three, and what signs it. */
export type BenchStage = {
  context: StatementContext;
  committee: MadeCommittee;
  /** The signature of a member, by its place in the roll. */
  sign(member: number): Promise<Entry>;
  file: StageFile;
};

export function makeBenchStage(bench: BenchKey, members: number, needed: number, random: Random): BenchStage {
  const groups = makeGroups(members, random);
  const [group] = groups;
  if (!group || groups.length > 1) throw new RangeError('"members" must fit one group');
  const [platform, ...seeds] = [random(32), random(32), random(32), random(32)] as const;
  const key = { verificationKey: bench.hash, setup: BENCH_SETUP };
  const context = makeStatement(groups, { count: needed }, platform, seeds, key, random);
  const committee = makeCommittee(context, seeds, random);
  const sign = createBenchSigner(bench, random);
  const { id, header, leaves, seed } = group;
  return {
    context,
    committee,
    sign: (member) => sign(context, committee.keyed, group, member),
    file: {
      id: context.id,
      group: { id, name: header.group.name, seed: bytesToHex(seed), header, leaves: leaves.map(formatField) },
      statement: context.statement,
      messages: committee.messages,
      platform: bytesToHex(platform),
    },
  };
}
