// SPEC §12.3: one record for each failure
import { checkpointHash, emptyBoard, headOf, signCheckpoint, signCosignature } from '#lib/protocol/board/board.ts';
import { type Entry, entryHash } from '#lib/protocol/board/signature.ts';
import { judgeKeyGeneration, type Keyed } from '#lib/protocol/key/key-judgement.ts';
import { signMessage } from '#lib/protocol/messages/ed25519.ts';
import type { Tag } from '#lib/protocol/messages/hash.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import { signDestroyed } from '#lib/protocol/reveal/destruction.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { type BoardPart, type RecordParts, writeRecord } from '#test/support/record-parts.ts';
import { PLATFORM_SEED } from '#test/support/world.ts';
import type { RecordScene, RecordScenes } from './records.ts';
import { type Line, readLine, sealAgain } from './seal-record.ts';

/** `line` is where `expect` must be reported: 0 where the fault is that something is missing. `unended`: the last line feed is missing. */
export type RecordFault = { name: string; base: keyof RecordScenes; lines: string[]; expect: string; line: number; unended?: true };

const OFF_CURVE = ['1', '1'];

export function makeRecordFaults(scenes: RecordScenes): RecordFault[] {
  const faults: RecordFault[] = [];
  const revealed = writeRecord(scenes.revealed.parts);
  const ended = writeRecord(scenes.ended.parts);
  /** The place of the nth line of a type, from 0. */
  const find = (lines: readonly string[], type: string, nth = 0) => {
    const places = lines.flatMap((text, i) => (readLine(text).type === type ? [i] : []));
    return places.at(nth) as number;
  };
  const add = (expect: string, name: string, lines: string[], line: number, base: keyof RecordScenes = 'revealed') =>
    faults.push({ name, base, lines, expect, line });
  const alter = (lines: readonly string[], at: number, change: (line: Line) => object) =>
    lines.map((text, i) => (i === at ? canonicalJson(change(readLine(text)) as Line) : text));
  /** A changed line under a new end of the platform. */
  const altered = (expect: string, name: string, type: string, change: (line: Line) => object, nth = 0) => {
    const at = find(revealed, type, nth);
    add(expect, name, sealAgain(alter(revealed, at, change)), at + 1);
  };
  const without = (lines: readonly string[], at: number, count = 1) => sealAgain([...lines.slice(0, at), ...lines.slice(at + count)]);
  const swap = (lines: readonly string[], i: number, j: number) =>
    sealAgain(lines.map((text, k) => (k === i ? (lines[j] as string) : k === j ? (lines[i] as string) : text)));
  const seeds = scenes.revealed.scene.committee.seeds;
  /** Signed again by the trustee that a line names. */
  const resign = (line: Line, change: object) => {
    const { signature: _, ...body } = { ...line, ...change } as Line;
    return signMessage(body.type as Tag, body, seeds[(body.trustee as number) - 1] as Uint8Array);
  };
  const entry = find(revealed, 'entry');

  add('NOT_JSON', 'a line that is cut off', sealAgain(revealed.map((text, i) => (i === entry ? text.slice(0, -1) : text))), entry + 1);
  add('NOT_CANONICAL', 'a space', sealAgain(revealed.map((text, i) => (i === entry ? text.replace(':', ': ') : text))), entry + 1);
  altered('BAD_SHAPE', 'a member too many', 'cosignature', (line) => ({ ...line, note: 1 }));
  add(
    'BAD_SHAPE',
    'a line of no known type',
    sealAgain([...revealed.slice(0, -1), '{"type":"note"}', revealed.at(-1) as string]),
    revealed.length,
  );
  add(
    'LINE_ORDER',
    'two commits exchanged',
    swap(revealed, find(revealed, 'commit'), find(revealed, 'commit', 1)),
    find(revealed, 'commit') + 2,
  );
  add('AFTER_END', 'a line behind the end', [...revealed, revealed[1] as string], revealed.length + 1);
  add('NO_HEADER', 'the first line is missing', sealAgain(revealed.slice(1)), 1);
  add('NOT_SEALED', 'the last line is missing', revealed.slice(0, -1), 0);
  faults.push({
    ...{ name: 'the last line feed is missing', base: 'revealed', lines: revealed },
    ...{ expect: 'LINE_CUT', line: revealed.length, unended: true },
  });
  add('BAD_ROLLS', 'a roll is missing', without(revealed, find(revealed, 'roll')), 1);
  const statement = (change: object) => (line: Line) => ({ ...line, statement: { ...(line.statement as Line), ...change } });
  altered('BAD_TRIGGER', 'a trigger that can never be met', 'header', statement({ trigger: { count: 99 } }));
  altered('BAD_TIMES', 'a deadline before openBy', 'header', statement({ deadline: 5 }));
  altered('KEY_UNKNOWN', 'T37: a verification key of its own', 'header', statement({ verificationKey: '11'.repeat(32) }));
  altered('KEY_UNKNOWN', 'T37: another setup than the one listed', 'header', statement({ setup: '11'.repeat(32) }));
  add(
    'OTHER_STATEMENT',
    'T8: the text is changed, and nobody signed that',
    sealAgain(alter(revealed, 0, statement({ text: [{ language: 'en', title: 'Another text', body: 'x' }] }))),
    find(revealed, 'commit') + 1,
  );
  const leaves = (change: (all: string[]) => string[]) => (line: Line) => ({ ...line, leaves: change(line.leaves as string[]) });
  altered(
    'ROLL_ROOT',
    'a leaf is changed',
    'roll',
    leaves(([, ...rest]) => ['1', ...rest]),
  );
  altered(
    'ROLL_LEAVES',
    'a leaf stands twice',
    'roll',
    leaves(([first, , ...rest]) => [first as string, first as string, ...rest]),
  );
  altered(
    'ROLL_SIZE',
    'a leaf is missing',
    'roll',
    leaves((all) => all.slice(1)),
  );
  altered('ROLL_SIGNATURE', 'another time', 'roll', (line) => ({ ...line, time: (line.time as number) + 1 }));
  altered('ROLL_NUMBER', 'another number', 'roll', (line) => ({ ...line, number: 2 }));
  altered('TRUSTEE_SIGNATURE', 'a commit is changed', 'commit', (line) => ({ ...line, polynomial: '00'.repeat(32) }));
  altered('UNKNOWN_TRUSTEE', 'a trustee that there is not', 'confirm', (line) => ({ ...line, trustee: 4 }), 2);
  add('KEY_NOT_MADE', 'a confirm is missing', without(revealed, find(revealed, 'confirm')), find(revealed, 'checkpoint'));
  const aborted = writeRecord(scenes.aborted.parts);
  add('KEY_MESSAGE_MISSING', 'the deal that was complained of is missing', without(aborted, find(aborted, 'deal', 1)), 0, 'aborted');
  altered('CHECKPOINT_SIGNATURE', 'another time', 'checkpoint', (line) => ({ ...line, time: (line.time as number) + 1 }));
  altered(
    'CHECKPOINT_ROOT',
    'a hash more',
    'checkpoint',
    (line) => ({ ...line, entries: [...(line.entries as string[]), '00'.repeat(32)] }),
    3,
  );
  altered('ENTRY_ALTERED', 'another ciphertext', 'entry', (line) => ({ ...line, ciphertext: ['1', '2', '3', '4'] }));
  add('ENTRY_MISSING', 'T9: an entry is missing', without(revealed, entry), 0);
  add('ENTRY_REPEATED', 'an entry stands twice', sealAgain([...revealed.slice(0, entry + 1), ...revealed.slice(entry)]), entry + 2);
  add('ENTRY_ORDER', 'two entries exchanged', swap(revealed, entry, entry + 1), entry + 2);
  const last = find(revealed, 'entry', -1);
  add(
    'ENTRY_NOT_LISTED',
    'an entry too many',
    sealAgain([...revealed.slice(0, last + 1), revealed[entry] as string, ...revealed.slice(last + 1)]),
    last + 2,
  );
  const cosignature = find(revealed, 'cosignature', -1);
  add(
    'COSIGNATURE_CHECKPOINT',
    'a trustee cosigned another checkpoint',
    sealAgain(alter(revealed, cosignature, (line) => resign(line, { checkpoint: '00'.repeat(32) }))),
    cosignature + 1,
  );
  altered('WAVE_NUMBER', 'another number', 'wave', (line) => ({ ...line, number: 3 }), 1);
  altered('WAVE_CHECKPOINT', 'a checkpoint that there is not', 'wave', (line) => ({ ...line, checkpoint: '00'.repeat(32) }), 1);
  altered('WAVE_MISMATCH', 'a signature less', 'wave', (line) => ({ ...line, items: (line.items as Line[]).slice(1) }));
  altered('WAVE_ENTRY', 'another ephemeral', 'wave', (line) => {
    const [first, ...rest] = line.items as Line[];
    return { ...line, items: [{ ...first, ephemeral: rest[0]?.ephemeral }, ...rest] };
  });
  const final = revealed.filter((text) => readLine(text).type !== 'cosignature' || (readLine(text).number as number) < 3);
  add('WAVE_NOT_FINAL', 'nobody cosigned the checkpoint of the second wave', sealAgain(final), find(final, 'wave', 1) + 1);
  add('WAVE_MISSING', 'the second wave is missing', without(revealed, find(revealed, 'wave', 1), 3), 0);
  const opening = find(revealed, 'opening', -1);
  const openingAgain = (expect: string, name: string, change: (line: Line) => object) =>
    add(expect, name, sealAgain(alter(revealed, opening, (line) => resign(line, change(line)))), opening + 1);
  openingAgain('OPENING_WAVE', 'an opening of another wave', () => ({ wave: 1 }));
  openingAgain('OPENING_PROOF', 'two partials exchanged', (line) => ({ partials: [...(line.partials as string[][])].reverse() }));
  openingAgain('BAD_POINT', 'a partial off the curve', (line) => ({ partials: [OFF_CURVE, ...(line.partials as string[][]).slice(1)] }));
  add('END_SIGNATURE', 'an end of somebody else', sealAgain(revealed, {}, seeds[0]), revealed.length);
  add('END_LINES', 'an end over more lines', sealAgain(revealed, { lines: revealed.length }), revealed.length);
  add('END_HASH', 'an end over other lines', sealAgain(revealed, { hash: '00'.repeat(32) }), revealed.length);
  add('END_TIME', 'an end before the last checkpoint', sealAgain(revealed, { time: 1_800_002_002 }), revealed.length);
  add('OTHER_STATEMENT', 'an end of another statement', sealAgain(revealed, { statement: '00'.repeat(32) }), revealed.length);

  const stubbed = find(ended, 'stub');
  const end = destructionTime(scenes.ended.scene.context.statement);
  const early = ended.filter((text) => readLine(text).type !== 'destroyed');
  add('STUB_EARLY', 'hashes before the end', sealAgain(early, { time: end - 1 }), stubbed + 1, 'ended');
  const inWave = find(ended, 'entry');
  const asStub = alter(ended, inWave, (line) => ({ type: 'stub', entry: entryHash(line as unknown as Entry) }));
  add('WAVE_ENTRY', 'a hash in place of a signature that opened', sealAgain(asStub), find(ended, 'wave') + 1, 'ended');
  const author = { context: scenes.ended.scene.context, trustee: 1, seed: seeds[0] as Uint8Array };
  const destroyed = find(ended, 'destroyed');
  add(
    'DESTROYED_EARLY',
    'a share destroyed too early',
    sealAgain(alter(ended, destroyed, () => signDestroyed(author, end - 1))),
    destroyed + 1,
    'ended',
  );
  return [...faults, ...makeDishonestBoards(scenes.revealed)];
}

/** Boards that the platform signed although they are wrong: no trustee cosigned them. Only what is wrong differs from `revealed`. */
function makeDishonestBoards({ scene, parts }: RecordScene): RecordFault[] {
  const { context } = scene;
  const keyed = judgeKeyGeneration(context, parts.keyMessages) as Keyed;
  const entries = parts.parts.flatMap((part) => part.entries);
  const signed = (i: number) => parts.parts[i]?.entries as Entry[];
  const withdrawal = entries.filter((entry) => entry.said.action === 'withdraw');
  const board = (batches: readonly (readonly Entry[])[], changes: readonly object[] = []): BoardPart[] => {
    let head = emptyBoard(keyed.transcript);
    return batches.map((batch, i) => {
      const { signature: _, ...body } = signCheckpoint(context, head, batch.map(entryHash), 1_800_002_000 + i, PLATFORM_SEED);
      const checkpoint = signMessage('checkpoint', { ...body, ...changes[i] }, PLATFORM_SEED) as BoardPart['checkpoint'];
      head = headOf(checkpoint);
      return { checkpoint, entries: [...batch] };
    });
  };
  const record = (parts_: BoardPart[], more: Partial<RecordParts> = {}) =>
    writeRecord({ ...parts, parts: parts_, waves: [], openings: [], cosignatures: [], ...more });
  const first = signed(0);
  const other = (change: object) => [[{ ...(first[0] as Entry), ...change } as Entry]];
  const place = 3 + parts.keyMessages.length;
  const fault = (
    expect: string,
    name: string,
    batches: readonly (readonly Entry[])[],
    line: number,
    changes?: readonly object[],
  ): RecordFault => ({
    ...{ name: `the platform signed it: ${name}`, base: 'revealed', expect, line },
    lines: record(board(batches, changes)),
  });
  const forked = board([first]);
  const cosigned = seedsCosign(scene, forked[0] as BoardPart);
  return [
    fault('CHECKPOINT_NUMBER', 'it begins with 2', [[]], place + 1, [{ number: 2 }]),
    fault('CHECKPOINT_CHAIN', 'it does not begin at the transcript', [[]], place + 1, [{ previous: '00'.repeat(32) }]),
    fault('CHECKPOINT_TIME', 'time goes back', [[], []], place + 2, [{}, { time: 1_800_001_999 }]),
    fault('CHECKPOINT_TIME', 'after the merge delay', [[]], place + 1, [
      { time: context.statement.deadline + context.statement.mergeDelay + 1 },
    ]),
    fault('CHECKPOINT_ROOT', 'another size', [[]], place + 1, [{ size: 1 }]),
    fault('ENTRY_ORDER', 'entries fall', [[...first].reverse()], place + 3),
    fault(
      'UNKNOWN_GROUP',
      'a group that the statement does not name',
      other({ said: { action: 'sign', group: '00'.repeat(32) } }),
      place + 2,
    ),
    fault('BAD_POINT', 'an ephemeral off the curve', other({ ephemeral: OFF_CURVE }), place + 2),
    fault('SEAL_OPEN_TO_ALL', 'T32: a seal that is open to all', other({ ephemeral: ['0', '1'] }), place + 2),
    fault('MINIMUM_UNREACHABLE', 'a minimum above all members', other({ said: { ...first[0]?.said, minimum: 15 } }), place + 2),
    fault('BAD_SHAPE', 'T7: a nullifier with a leading zero', other({ nullifier: `0${first[0]?.nullifier}` }), place + 2),
    fault('BAD_PROOF', 'T5: another ciphertext', other({ ciphertext: ['1', '2', '3', '4'] }), place + 2),
    fault('BAD_PROOF', 'T7: another nullifier', other({ nullifier: '7' }), place + 2),
    fault('BAD_PROOF', 'a minimum that the signer did not ask for', other({ said: { ...first[0]?.said, minimum: 2 } }), place + 2),
    fault('BAD_PROOF', 'the proof of another', other({ proof: first[1]?.proof }), place + 2),
    fault(
      'BAD_PROOF',
      'T36: the roll of another group',
      other({ said: { ...first[0]?.said, group: otherGroup(scene, first[0] as Entry) } }),
      place + 2,
    ),
    fault('ALREADY_SIGNED', 'T7: a signature twice', [first, first.slice(0, 1)], place + 6),
    fault('NOTHING_TO_WITHDRAW', 'a withdrawal without its signature', [withdrawal.slice(0, 1)], place + 2),
    fault('ALREADY_WITHDRAWN', 'a withdrawal twice', [first, withdrawal.slice(0, 1), withdrawal.slice(0, 1)], place + 8),
    {
      ...{ name: 'T30: a wave below the trigger', base: 'revealed', expect: 'WAVE_MISMATCH' },
      lines: record(forked, {
        cosignatures: cosigned,
        waves: [
          {
            number: 1,
            checkpoint: checkpointHash((forked[0] as BoardPart).checkpoint),
            items: first.slice(0, 1).map(({ nullifier, ephemeral }) => ({ nullifier, ephemeral })),
          },
        ],
      }),
      line: place + 7,
    },
  ];
}

function seedsCosign(scene: RecordScene['scene'], part: BoardPart) {
  return scene.committee.seeds.slice(0, 2).map((seed, i) => signCosignature(scene.context, i + 1, headOf(part.checkpoint), seed));
}

function otherGroup(scene: RecordScene['scene'], entry: Entry): string {
  return scene.groups.find((group) => group.id !== entry.said.group)?.id as string;
}
