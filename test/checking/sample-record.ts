import { checkpointHash } from '#lib/protocol/board/board.ts';
import { selectCosignatures } from '#lib/protocol/record/writer.ts';
import { setStage } from '../signing/stage.ts';
import { cosignAll, openAll, publish, wavesOf, writeRecord } from '../support/record-parts.ts';
import { signForReal, systemRandom } from '../support/world.ts';

/** The lines of a record with two real signatures that were revealed, of members 5 and 7. */
export async function makeSampleRecord(
  change: Pick<NonNullable<Parameters<typeof setStage>[0]>, 'names' | 'change'> = {},
): Promise<string[]> {
  const { context, group, ceremony } = await setStage({ trigger: { count: 2 }, ...change });
  const { keyed, authors, shares } = ceremony;
  const entries = [];
  for (const member of [4, 6])
    entries.push(await signForReal(context, keyed.key, group, member, { action: 'sign', group: group.id }, systemRandom));
  const parts = publish(context, keyed, [entries], 1_800_002_000);
  const waves = wavesOf(context, parts);
  return writeRecord({
    context,
    groups: [group],
    keyMessages: [...ceremony.commits, ...ceremony.deals, ...ceremony.confirms],
    parts,
    cosignatures: selectCosignatures(
      context.statement,
      parts.map((part) => checkpointHash(part.checkpoint)),
      waves.map((wave) => wave.checkpoint),
      cosignAll(context, authors, parts),
    ),
    waves,
    openings: openAll(authors, shares, keyed, waves, systemRandom),
    destroyed: [],
    writtenAt: 1_800_003_000,
  });
}
