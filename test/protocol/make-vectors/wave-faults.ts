// SPEC §12.4: waves that k trustees mixed and opened although they are wrong, and boards that a quorum cosigned
import { headOf, type ListedCheckpoint } from '#lib/protocol/board/checkpoint.ts';
import type { DueWave } from '#lib/protocol/board/reader.ts';
import { type Entry, entryHash } from '#lib/protocol/board/signature.ts';
import { signMessage } from '#lib/protocol/messages/ed25519.ts';
import { seeded } from '#test/circuits/signer.ts';
import { cosign, type PublishedBoard, type RecordParts, reveal, writeRecord } from '#test/support/record-parts.ts';
import { PLATFORM_SEED } from '#test/support/world.ts';
import { endAgain } from './end-record.ts';
import { createFaultKit, OFF_CURVE, type RecordFault } from './fault-kit.ts';
import type { RecordScene } from './records.ts';

/** In all of these the platform and all trustees are at one: what is left is what a record shows by itself. */
export function makeWaveFaults(scene: RecordScene): RecordFault[] {
  const { parts } = scene;
  const board = scene.board as PublishedBoard;
  const place = createFaultKit('revealed', scene).find('wave') + 1;
  const [first, second] = board.waves as [DueWave, DueWave];
  const [a0, a2] = groupOf(first, 0).entries.map((hash) => board.entries.get(hash)) as [Entry, Entry];
  const write = (change: Partial<RecordParts>) => writeRecord({ ...parts, ...change });
  /** A record whose waves are these, by number of checkpoint and group. */
  const waves = (expect: string, name: string, all: readonly DueWave[], line: number, entries = board.entries): RecordFault => {
    const made = all.map((due) => revealDue(scene, { entries }, due));
    return { name: `all trustees opened it: ${name}`, base: 'revealed', lines: write({ waves: made }), expect, line };
  };
  /** The first wave with its first entry changed, as if that had been on the board. */
  const withEntry = (expect: string, name: string, change: object): RecordFault => {
    const changed = { ...a0, ...change } as Entry;
    const hash = entryHash(changed);
    const hashes = groupOf(first, 0).entries.map((one) => (one === entryHash(a0) ? hash : one));
    const groups = [{ ...groupOf(first, 0), entries: hashes }, ...first.groups.slice(1)];
    const line = place + 1 + groups.flatMap((group) => group.entries).indexOf(hash);
    return waves(expect, name, [{ ...first, groups }], line, new Map([...board.entries, [hash, changed]]));
  };
  /** The first entry with a change that spoils even its mixing: the line alone is changed. */
  const spoilt = (expect: string, name: string, change: object) =>
    createFaultKit('revealed', scene).altered(expect, name, 'entry', (line) => ({ ...line, ...change }));
  const only = (due: DueWave, keep: (entries: readonly string[], i: number) => readonly string[]) => ({
    ...due,
    groups: due.groups.map((group, i) => ({ ...group, entries: [...keep(group.entries, i)] })).filter(({ entries }) => entries.length > 0),
  });
  const minimum = { said: { ...a0.said, minimum: 5 } };
  return [
    waves('WAVE_RULE', 'T30: a wave below the trigger', [only(first, (entries, i) => (i === 0 ? entries : []))], place),
    waves('WAVE_RULE', 'T40: one name alone of a group', [only(first, (entries, i) => (i === 0 ? entries : entries.slice(1)))], place),
    withEntry('WAVE_RULE', 'T41: a personal minimum that is not met', minimum),
    waves(
      'ALREADY_SIGNED',
      'T7: a signature opens twice',
      [first, { ...second, groups: [groupOf(first, 0)] }],
      placeOfSecond(scene, first),
    ),
    withEntry('BAD_PROOF', 'T7: another nullifier', { nullifier: '7' }),
    withEntry('BAD_PROOF', 'T5: another sealed token', { sealed: a2.sealed }),
    withEntry('BAD_PROOF', 'a minimum that the signer did not ask for', { said: { ...a0.said, minimum: 2 } }),
    withEntry('BAD_PROOF', 'the proof of another', { proof: a2.proof }),
    withEntry('BAD_PROOF', 'T6: sealed for another statement', { ephemeral: a2.ephemeral }),
    spoilt('UNKNOWN_GROUP', 'a group that the statement does not name', { said: { action: 'sign', group: '00'.repeat(32) } }),
    spoilt('BAD_POINT', 'an ephemeral off the curve', { ephemeral: OFF_CURVE }),
    spoilt('BAD_POINT', 'a sealed point that is the identity', { sealed: ['0', '1'] }),
    spoilt('SEAL_OPEN_TO_ALL', 'T32: a seal that is open to all', { ephemeral: ['0', '1'] }),
    spoilt('MINIMUM_UNREACHABLE', 'a minimum above all members', { said: { ...a0.said, minimum: 15 } }),
    spoilt('BAD_SHAPE', 'T7: a nullifier with a leading zero', { nullifier: `0${a0.nullifier}` }),
    spoilt('OTHER_STATEMENT', 'T6: an entry of another statement', { statement: '00'.repeat(32) }),
    spoilt('WAVE_ENTRY', 'a withdrawal', { said: { action: 'withdraw', group: a0.said.group } }),
    ...missingEntries(scene, place),
    ...boards(scene, place),
  ].map((fault) => (fault.expect === 'WAVE_RULE' ? { ...fault, line: place } : fault));
}

function groupOf(due: DueWave, i: number): DueWave['groups'][0] {
  return due.groups[i] as DueWave['groups'][0];
}

/** The first entry of the second wave where the first has all lines of a wave with four openings. */
function placeOfSecond(scene: RecordScene, first: DueWave): number {
  const made = revealDue(scene, scene.board as PublishedBoard, first);
  const before = createFaultKit('revealed', scene).find('wave');
  const lines = 1 + made.entries.length + made.steps.reduce((sum, { lists }) => sum + 1 + lists.length, 0);
  return before + lines + made.openings.length + made.names.length + 2;
}

function revealDue({ scene, key, parts }: RecordScene, board: Pick<PublishedBoard, 'entries'>, due: DueWave) {
  const plan = { mixers: [1, 2], openers: [1, 2], random: seeded('dishonest waves') };
  return reveal(parts.context, key, scene.groups, board, due, plan);
}

function missingEntries(scene: RecordScene, place: number): RecordFault[] {
  const { fault, without, swapped, find, change, lines } = createFaultKit('revealed', scene);
  const [wave, entry] = [find('wave'), find('entry')];
  const groups = (scene.board as PublishedBoard).waves[0]?.groups as DueWave['groups'];
  /** The wave with other groups, and its four entries in another order. */
  const reordered = (name: string, others: readonly object[], order: readonly number[]) => {
    const moved = lines.map((text, i) => (i >= entry && i < entry + 4 ? (lines[entry + (order[i - entry] as number)] as string) : text));
    return fault('WAVE_ORDER', name, endAgain(change(wave, (line) => ({ ...line, groups: others }), moved)), place);
  };
  const fall = groups.map((group, i) => (i === 0 ? { ...group, entries: [...group.entries].reverse() } : group));
  return [
    reordered('entries that fall', fall, [1, 0, 2, 3]),
    reordered('groups that fall', [...groups].reverse(), [2, 3, 0, 1]),
    fault('WAVE_ENTRY', 'an entry is missing', without(find('entry')), place),
    fault('WAVE_ENTRY', 'two entries exchanged', swapped(find('entry'), find('entry', 1)), place),
  ];
}

/** Checkpoints with something wrong that platform and all trustees signed. */
function boards(scene: RecordScene, place: number): RecordFault[] {
  const { parts, key } = scene;
  const start = place - parts.cosignatures.length - parts.checkpoints.length;
  const { deadline, mergeDelay } = parts.context.statement;
  const fault = (expect: string, name: string, line: number, changes: readonly object[]): RecordFault => {
    const checkpoints = resignChain(parts.checkpoints, changes);
    const cosignatures = key.authors.map((author) => cosign(author, checkpoints.at(-1) as ListedCheckpoint));
    const lines = writeRecord({ ...parts, checkpoints, cosignatures, waves: [] });
    return { name: `the committee cosigned it: ${name}`, base: 'revealed', lines, expect, line };
  };
  const nobody = (one: ListedCheckpoint) => one.live.map(({ group }) => ({ group, count: 0 }));
  return [
    fault('CHECKPOINT_NUMBER', 'it begins with 2', start, [{ number: 2 }]),
    fault('CHECKPOINT_CHAIN', 'it does not begin at the transcript', start, [{ previous: '00'.repeat(32) }]),
    fault('CHECKPOINT_TIME', 'T51: time stands still', start + 1, [{}, { time: parts.checkpoints[0]?.time }]),
    fault('CHECKPOINT_TIME', 'after the merge delay', start + 5, [{}, {}, {}, {}, {}, { time: deadline + mergeDelay + 1 }]),
    fault('CHECKPOINT_ROOT', 'another size', start, [{ size: 1 }]),
    fault('CHECKPOINT_LIVE', 'T52: counts that the lists do not explain', start, [
      { live: nobody(parts.checkpoints[0] as ListedCheckpoint).map((one) => ({ ...one, count: 4 })) },
    ]),
    uncounted(
      scene,
      place,
      resignChain(
        parts.checkpoints,
        parts.checkpoints.map((one) => ({ live: nobody(one) })),
      ),
    ),
    fault('CHECKPOINT_LIST', 'a hash of an earlier list', start + 1, [{}, { listed: parts.checkpoints[0]?.listed }]),
  ];
}

/** The first wave on a board that counts nobody. */
function uncounted(scene: RecordScene, place: number, checkpoints: readonly ListedCheckpoint[]): RecordFault {
  const board = scene.board as PublishedBoard;
  const due = { ...(board.waves[0] as DueWave), checkpoint: headOf(checkpoints[2] as ListedCheckpoint).hash };
  const cosignatures = scene.key.authors.map((author) => cosign(author, checkpoints.at(-1) as ListedCheckpoint));
  const lines = writeRecord({ ...scene.parts, checkpoints, cosignatures, waves: [revealDue(scene, board, due)] });
  return {
    name: 'the committee cosigned it: T52: more names open than were counted',
    base: 'revealed',
    lines,
    expect: 'WAVE_LIVE',
    line: place,
  };
}

/** The same checkpoints with changes, each signed again and chained to the one before. */
function resignChain(checkpoints: readonly ListedCheckpoint[], changes: readonly object[]): ListedCheckpoint[] {
  let previous = checkpoints[0]?.previous as string;
  return checkpoints.map((checkpoint, i) => {
    const { signature: _, listed, ...body } = { ...checkpoint, previous, ...changes[i] } as ListedCheckpoint;
    const signed = { ...signMessage('checkpoint', body, PLATFORM_SEED), listed };
    previous = headOf(signed).hash;
    return signed;
  });
}
