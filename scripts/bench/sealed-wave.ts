import { randomBytes } from 'node:crypto';
import { sealPoint } from '#lib/protocol/key/sealing.ts';
import { clearToken, membershipOf, tokenOf } from '#lib/protocol/member/token.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { type Random, randomScalar } from '#lib/protocol/numbers/random.ts';
import type { MixSetting } from '#lib/protocol/reveal/mix.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { BENCH_SETUP } from '../make-record/bench-key.ts';
import { type MadeCommittee, type MadeGroup, makeCommittee, makeGroups, makeStatement } from '../make-record/stage.ts';

export const random: Random = (length) => new Uint8Array(randomBytes(length));

/** A wave of one group that 2 of 4 trustees are to mix and open: the sealed tokens of its members, without entries behind them. */
export type SealedWave = { context: StatementContext; group: MadeGroup; committee: MadeCommittee; setting: MixSetting };

export function makeSealedWave(size: number): SealedWave {
  const groups = makeGroups(size, random);
  const group = groups[0] as MadeGroup;
  const seeds = Array.from({ length: 4 }, () => random(32));
  const key = { verificationKey: publicKeyOf(random(32)), setup: BENCH_SETUP };
  const context = makeStatement(groups, { count: size }, random(32), seeds, key, random);
  const committee = makeCommittee(context, seeds, random);
  const items = group.identities.slice(0, size).map((identity, i) => {
    const { point } = tokenOf(membershipOf(identity, group.id), group.id, group.names[i] as string);
    const { ephemeral, sealed } = sealPoint(clearToken(point), committee.keyed.key, randomScalar(random));
    return [ephemeral, sealed] as const;
  });
  const start = [{ group: group.id, items, isWire: false }];
  return {
    context,
    group,
    committee,
    setting: { statement: context.id, key: committee.keyed.key, wave: 1, content: 'ab'.repeat(32), start },
  };
}
