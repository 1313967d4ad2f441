// SPEC §12.2: a record as a table of chapters, from which the verifier does everything
import type { z } from 'zod';
import { listedCheckpointShape } from '../board/checkpoint.ts';
import { cosignatureShape } from '../board/cosignature.ts';
import { entryShape } from '../board/signature.ts';
import { commitShape, complaintShape, confirmShape, dealShape } from '../key/key-messages.ts';
import { groupId } from '../member/group.ts';
import { messageHash, type Signed } from '../messages/ed25519.ts';
import { type Authored, checkAuthor } from '../messages/trustee-message.ts';
import { destroyedShape } from '../reveal/destruction.ts';
import { mixListShape, mixShape } from '../reveal/mix.ts';
import { namesShape } from '../reveal/names.ts';
import { openingShape } from '../reveal/opening.ts';
import { waveShape } from '../reveal/wave-content.ts';
import { closeCosignatures, readCheckpointLine, readCosignature } from './board-chapter.ts';
import type { Chapter, LineRow, Place, Read } from './chapter.ts';
import { closeDestroyed, readDestroyed, readEnd } from './end-chapter.ts';
import { closeKey, readKeyMessage } from './key-chapter.ts';
import { endShape, headerLineShape, rollLineShape } from './lines.ts';
import { contextOf } from './reading.ts';
import type { Step } from './report.ts';
import { closeRolls, readHeader, readRoll } from './statement-chapter.ts';
import { closeWave, readEntry, readMix, readMixList, readNamesLine, readOpeningLine, readWave } from './wave-chapter.ts';

function row<T>(type: string, shape: z.ZodType<T>, step: Step, place: (value: T) => Place, read: Read<T>, countsItself = false): LineRow {
  return { type, shape, step, place, read, countsItself };
}

/** A message of a trustee: author and signature come before anything else. SPEC §2.2. */
function said<T extends Signed<Authored>>(
  shape: z.ZodType<T>,
  type: T['type'],
  step: Step,
  place: (value: T) => Place,
  read: Read<T>,
): LineRow {
  return row(type, shape, step, place, async (reading, value) => {
    const checked = checkAuthor(contextOf(reading), value);
    if (checked.ok) await read(reading, value);
    else reading.notebook.fail(reading.line, step, checked.code, checked.detail);
  });
}

const unsorted = (): Place => null;
const once = (): Place => [];
const byTrustee = ({ trustee }: { trustee: number }): Place => [trustee];
/** Two of one kind and author may stand in a record, to show that they do. */
const byHash = (message: Signed<Authored>): Place => [message.trustee, messageHash(message.type, message)];

/** The chapters of a record in their order. */
export const CHAPTERS: readonly Chapter[] = [
  { needs: 'nothing', lines: [[row('header', headerLineShape, 'statement', once, readHeader)]] },
  {
    needs: 'nothing',
    lines: [[row('roll', rollLineShape, 'rolls', ({ group }) => [groupId(group)], readRoll)]],
    close: closeRolls,
  },
  {
    needs: 'statement',
    lines: [
      [said(commitShape, 'commit', 'key', byHash, readKeyMessage)],
      [said(dealShape, 'deal', 'key', byHash, readKeyMessage)],
      [
        said(
          complaintShape,
          'complaint',
          'key',
          (message) => [message.trustee, message.deal.trustee, messageHash('complaint', message)],
          readKeyMessage,
        ),
      ],
      [said(confirmShape, 'confirm', 'key', byHash, readKeyMessage)],
    ],
    close: closeKey,
  },
  { needs: 'key', lines: [[row('checkpoint', listedCheckpointShape, 'checkpoints', unsorted, readCheckpointLine)]] },
  {
    needs: 'key',
    lines: [
      [
        said(
          cosignatureShape,
          'cosignature',
          'cosignatures',
          ({ number, trustee, checkpoint }) => [number, trustee, checkpoint],
          readCosignature,
        ),
      ],
    ],
    close: closeCosignatures,
  },
  {
    needs: 'key',
    lines: [
      [row('wave', waveShape, 'waves', unsorted, readWave)],
      [row('entry', entryShape, 'entries', unsorted, readEntry)],
      [said(mixShape, 'mix', 'mixes', unsorted, readMix), row('mix-list', mixListShape, 'mixes', unsorted, readMixList, true)],
      [said(openingShape, 'opening', 'openings', byTrustee, readOpeningLine)],
      [row('names', namesShape, 'names', ({ group }) => [group], readNamesLine, true)],
    ],
    repeats: true,
    close: closeWave,
  },
  {
    needs: 'statement',
    lines: [[said(destroyedShape, 'destroyed', 'destruction', byTrustee, readDestroyed)]],
    close: closeDestroyed,
  },
  { needs: 'nothing', lines: [[row('end', endShape, 'end', once, readEnd, true)]] },
];
