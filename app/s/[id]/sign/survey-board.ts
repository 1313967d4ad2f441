import type { Api } from '../../../../lib/api/client.ts';
import type { CallOptions } from '../../../../lib/api/request.ts';
import { accept, type Checked, refuse } from '../../../../lib/protocol/checked.ts';
import type { FieldText } from '../../../../lib/protocol/field.ts';
import type { Hex32 } from '../../../../lib/protocol/hash.ts';
import type { Keyed } from '../../../../lib/protocol/key-judgement.ts';
import type { StatementContext } from '../../../../lib/protocol/statement.ts';
import type { Counts } from '../../../../lib/protocol/trigger.ts';
import { admitEntry, createTally, liveCounts } from '../../../../lib/protocol/waves.ts';
import { type BoardFailure, readBoard } from '../../../../lib/signing/read-board.ts';

/** What somebody about to sign has to know of the board. */
export interface BoardSurvey {
  /** Live signatures by group. */
  counts: Counts;
  seals: readonly { nullifier: FieldText; group: Hex32 }[];
  /** Whether the nullifier asked about is on the board: its owner has signed, or signed and withdrawn. */
  hasSigned: boolean;
}

/**
 * Reads the whole board, checked, for its counts and for one nullifier. The platform is not told which: only its owner can
 * compute it.
 */
export async function surveyBoard(
  api: Pick<Api, 'readBoard'>,
  context: StatementContext,
  key: Keyed,
  nullifier: FieldText,
  options?: CallOptions,
): Promise<Checked<BoardSurvey, BoardFailure>> {
  const tally = createTally();
  let isSound = true;
  const visited = await readBoard(
    api,
    context,
    key,
    ({ bodies, entries }) =>
      bodies.forEach((body, i) => {
        if (body.type === 'entry') isSound &&= admitEntry(tally, body, entries[i] as Hex32).ok;
      }),
    options,
  );
  if (!visited.ok) return visited;
  if (!isSound) return refuse('BOARD_BODIES', 'the board holds a signature that does not belong there');
  const live = [...tally.signatures].filter(([, signature]) => signature.state !== 'withdrawn');
  return accept({
    counts: liveCounts(tally),
    seals: live.map(([own, { group }]) => ({ nullifier: own, group })),
    hasSigned: tally.signatures.has(nullifier),
  });
}
