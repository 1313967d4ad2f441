import { seeded } from '../circuits/signer.ts';
import { setStage } from '../signing/stage.ts';
import { cosign, publish, reveal, writeRecord } from '../support/record-parts.ts';
import { signOnce } from '../support/recorded-entries.ts';
import { systemRandom } from '../support/world.ts';

/** The lines of a record with two real signatures that were revealed, of members 5 and 7. */
export async function makeSampleRecord(
  change: Pick<NonNullable<Parameters<typeof setStage>[0]>, 'names' | 'change'> = {},
): Promise<string[]> {
  const { context, group, ceremony } = await setStage({ trigger: { count: 2 }, random: seeded('sample record'), ...change });
  const { keyed, authors } = ceremony;
  const entries = [await signOnce(context, keyed.key, group, 4), await signOnce(context, keyed.key, group, 6)];
  const board = publish(context, keyed, [entries], 1_800_002_000);
  const plan = { mixers: [1, 2], openers: [1, 2], random: systemRandom };
  return writeRecord({
    ...{ context, groups: [group], keyMessages: [...ceremony.commits, ...ceremony.deals, ...ceremony.confirms] },
    checkpoints: board.checkpoints,
    cosignatures: authors.map((author) => cosign(author, board.checkpoints[0] as (typeof board.checkpoints)[0])),
    waves: board.waves.map((due) => reveal(context, ceremony, [group], board, due, plan)),
    destroyed: [],
    writtenAt: 1_800_003_000,
  });
}
