// SPEC §12.7: one record for each failure
import type { Commit } from '#lib/protocol/key/key-messages.ts';
import { messageHash } from '#lib/protocol/messages/ed25519.ts';
import { canonicalJson, type Json } from '#lib/protocol/messages/json.ts';
import { signDestroyed } from '#lib/protocol/reveal/destruction.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { endAgain, type Line, readLine } from './end-record.ts';
import { createFaultKit, type FaultKit, OFF_CURVE, type RecordFault } from './fault-kit.ts';
import type { RecordScenes } from './records.ts';
import { makeWaveFaults } from './wave-faults.ts';

const ZERO = '00'.repeat(32);

export function makeRecordFaults(scenes: RecordScenes): RecordFault[] {
  const revealed = createFaultKit('revealed', scenes.revealed);
  return [
    ...lineFaults(revealed),
    ...statementFaults(revealed),
    ...keyFaults(revealed, createFaultKit('aborted', scenes.aborted)),
    ...boardFaults(revealed),
    ...mixFaults(revealed),
    ...openingFaults(revealed),
    ...nameFaults(revealed),
    ...makeWaveFaults(scenes.revealed),
    ...destructionFaults(scenes, createFaultKit('ended', scenes.ended)),
    ...endFaults(revealed),
  ];
}

function lineFaults({ lines, find, fault, altered, swapped, without, change }: FaultKit): RecordFault[] {
  const entry = find('entry');
  const spell = (at: number, make: (text: string) => string) => endAgain(lines.map((text, i) => (i === at ? make(text) : text)));
  const last = lines.at(-1) as string;
  return [
    fault(
      'NOT_JSON',
      'a line that is cut off',
      spell(entry, (text) => text.slice(0, -1)),
      entry + 1,
    ),
    fault(
      'NOT_JSON',
      'a byte order mark',
      spell(0, (text) => `\ufeff${text}`),
      1,
    ),
    fault(
      'NOT_CANONICAL',
      'a space',
      spell(entry, (text) => text.replace(':', ': ')),
      entry + 1,
    ),
    altered('BAD_SHAPE', 'a member too many', 'cosignature', (line) => ({ ...line, note: 1 })),
    altered('BAD_SHAPE', 'an empty list', 'mix', (line) => ({ ...line, lists: [] })),
    fault(
      'BAD_SHAPE',
      'an end over no lines',
      change(lines.length - 1, (line) => ({ ...line, lines: 0 })),
      lines.length,
    ),
    fault('BAD_SHAPE', 'a line of no known type', endAgain([...lines.slice(0, -1), '{"type":"note"}', last]), lines.length),
    fault('LINE_ORDER', 'two commits exchanged', swapped(find('commit'), find('commit', 1)), find('commit') + 2),
    fault(
      'LINE_ORDER',
      'a commit twice',
      endAgain(lines.toSpliced(find('commit'), 0, lines[find('commit')] as string)),
      find('commit') + 2,
    ),
    fault(
      'LINE_ORDER',
      'an opening before the mixes',
      endAgain(lines.toSpliced(find('mix'), 0, lines[find('opening')] as string)),
      find('mix') + 2,
    ),
    fault('LINE_ORDER', 'an entry before its wave', swapped(find('wave'), entry), find('wave') + 1),
    fault('LINE_ORDER', 'two openings exchanged', swapped(find('opening'), find('opening', 1)), find('opening') + 2),
    fault(
      'LINE_ORDER',
      'a roll after the key',
      endAgain(lines.toSpliced(find('checkpoint'), 0, lines[find('roll')] as string)),
      find('checkpoint') + 1,
    ),
    fault('AFTER_END', 'a line behind the end', [...lines, lines[1] as string], lines.length + 1),
    fault('NO_HEADER', 'the first line is missing', without(0), 1),
    fault('NO_END', 'the last line is missing', lines.slice(0, -1), 0),
    { ...fault('LINE_CUT', 'the last line feed is missing', [...lines], lines.length), unended: true },
  ];
}

function statementFaults({ lines, find, fault, altered, without, change }: FaultKit): RecordFault[] {
  const statement = (members: object) => (line: Line) => ({ ...line, statement: { ...(line.statement as Line), ...members } });
  const leaves = (make: (all: string[]) => string[]) => (line: Line) => ({ ...line, leaves: make(line.leaves as string[]) });
  const another = statement({ text: [{ language: 'en', title: 'Another text', body: 'x' }] });
  return [
    fault('BAD_ROLLS', 'a roll is missing', without(find('roll')), 1),
    altered('BAD_TRIGGER', 'a trigger that can never be met', 'header', statement({ trigger: { count: 99 } })),
    altered('BAD_TIMES', 'a deadline before openBy', 'header', statement({ deadline: 5 })),
    altered('BAD_SHAPE', 'another version', 'header', (line) => ({ ...line, version: 1 })),
    altered('KEY_UNKNOWN', 'T37: a verification key of its own', 'header', statement({ verificationKey: '11'.repeat(32) })),
    altered('KEY_UNKNOWN', 'T37: another setup than the one listed', 'header', statement({ setup: '11'.repeat(32) })),
    fault('OTHER_STATEMENT', 'T8: the text is changed, and nobody signed that', endAgain(change(0, another, lines)), find('commit') + 1),
    altered(
      'ROLL_ROOT',
      'a leaf is changed',
      'roll',
      leaves(([, ...rest]) => ['1', ...rest]),
    ),
    altered(
      'ROLL_LEAVES',
      'a leaf stands twice',
      'roll',
      leaves(([first, , ...rest]) => [first as string, first as string, ...rest]),
    ),
    altered(
      'ROLL_SIZE',
      'a leaf is missing',
      'roll',
      leaves((all) => all.slice(1)),
    ),
    altered('ROLL_SIGNATURE', 'another time', 'roll', (line) => ({ ...line, time: (line.time as number) + 1 })),
    altered('ROLL_NUMBER', 'another number', 'roll', (line) => ({ ...line, number: 2 })),
    altered('ROLL_ADMITTED', 'ways of admission that do not add up', 'roll', (line) => ({ ...line, admitted: [{ way: 1, count: 1 }] })),
  ];
}

function keyFaults(revealed: FaultKit, aborted: FaultKit): RecordFault[] {
  const { find, fault, altered, without } = revealed;
  return [
    surplusCommit(revealed),
    altered('TRUSTEE_SIGNATURE', 'a commit is changed', 'commit', (line) => ({ ...line, polynomial: ZERO })),
    altered('UNKNOWN_TRUSTEE', 'a trustee that there is not', 'confirm', (line) => ({ ...line, trustee: 5 }), 3),
    fault('KEY_NOT_MADE', 'a confirm is missing', without(find('confirm')), find('checkpoint')),
    aborted.fault('KEY_MESSAGE_MISSING', 'a deal that a confirm follows is missing', aborted.without(aborted.find('deal', 3)), 0),
  ];
}

/** Two more commits of the first trustee behind its own, which is the one that makes the key. */
function surplusCommit({ lines, find, fault, resign }: FaultKit): RecordFault {
  const own = readLine(lines[find('commit')] as string);
  const hashOf = (line: Line) => messageHash('commit', line as unknown as Commit);
  const others = Array.from({ length: 32 }, (_, i) => resign(own, { polynomial: i.toString(16).padStart(64, '0') }));
  const behind = others.filter((line) => hashOf(line) > hashOf(own)).slice(0, 2);
  const texts = behind.sort((a, b) => (hashOf(a) < hashOf(b) ? -1 : 1)).map((line) => canonicalJson(line as Json));
  const spoilt = endAgain(lines.toSpliced(find('commit') + 1, 0, ...texts));
  return fault('KEY_MESSAGE_SURPLUS', 'T20: three commits of one trustee', spoilt, find('commit') + 3);
}

function boardFaults({ find, fault, altered, resigned, lines }: FaultKit): RecordFault[] {
  const second = find('wave', 1);
  const few = lines.filter((text) => readLine(text).type !== 'cosignature' || (readLine(text).number as number) !== 5);
  return [
    altered('CHECKPOINT_SIGNATURE', 'another time', 'checkpoint', (line) => ({ ...line, time: (line.time as number) + 1 })),
    altered(
      'CHECKPOINT_ROOT',
      'a hash more',
      'checkpoint',
      (line) => ({ ...line, listed: [...(line.listed as string[]), 'ff'.repeat(32)] }),
      3,
    ),
    altered('CHECKPOINT_LIST', 'a list that falls', 'checkpoint', (line) => ({
      ...line,
      listed: [...(line.listed as string[])].reverse(),
    })),
    resigned(
      'COSIGNATURE_CHECKPOINT',
      'a trustee cosigned another checkpoint, and none here',
      'cosignature',
      () => ({ checkpoint: ZERO }),
      -1,
    ),
    altered('WAVE_NUMBER', 'another number', 'wave', (line) => ({ ...line, number: 3 }), 1),
    altered('WAVE_CHECKPOINT', 'a checkpoint that there is not', 'wave', (line) => ({ ...line, checkpoint: ZERO }), 1),
    fault(
      'WAVE_CHECKPOINT',
      'the checkpoint of the wave before',
      endAgain(
        lines.map((text, i) =>
          i === second
            ? text.replace(/"checkpoint":"[0-9a-f]*"/, `"checkpoint":"${readLine(lines[find('wave')] as string).checkpoint}"`)
            : text,
        ),
      ),
      second + 1,
    ),
    fault(
      'WAVE_NOT_FINAL',
      'T57: too few have cosigned the checkpoint of the second wave or later ones',
      endAgain(few),
      find('wave', 1, few) + 1,
    ),
    altered('OTHER_STATEMENT', 'a wave of another statement', 'wave', (line) => ({ ...line, statement: ZERO })),
  ];
}

function mixFaults(kit: FaultKit): RecordFault[] {
  const { find, fault, resigned, relisted, without, lines } = kit;
  const second = find('mix', 1);
  const items = (line: Line) => line.items as string[][][];
  const proof = (line: Line, members: object) => ({ ...line, proof: { ...(line.proof as Line), ...members } });
  return [
    resigned('MIX_WAVE', 'a step of another wave', 'mix', () => ({ wave: 2 })),
    resigned('MIX_WAVE', 'T48: a step of another content', 'mix', () => ({ content: ZERO })),
    resigned('MIX_CHAIN', 'a step in the wrong place', 'mix', () => ({ step: 2 })),
    resigned('MIX_CHAIN', 'T42: a step that follows on another', 'mix', () => ({ previous: ZERO }), 1),
    fault(
      'MIX_CHAIN',
      'T42: both steps by one trustee',
      endAgain(kit.change(second, (line) => kit.resign(line, { trustee: readLine(lines[find('mix')] as string).trustee }))),
      second + 1,
    ),
    fault('MIX_LIST', 'a list is missing', without(find('mix-list')), find('mix') + 1),
    resigned('MIX_LIST', 'another list than the one named', 'mix', (line) => ({
      lists: [{ ...(line.lists as Line[])[0], list: ZERO }, ...(line.lists as Line[]).slice(1)],
    })),
    relisted('MIX_LIST', 'an item more', (line) => ({ ...line, items: [...items(line), items(line)[0]] })),
    relisted('BAD_POINT', 'an item off the curve', (line) => ({
      ...line,
      items: [[OFF_CURVE, items(line)[0]?.[1]], ...items(line).slice(1)],
    })),
    relisted('BAD_POINT', 'T32: an item that holds the identity', (line) => ({
      ...line,
      items: [[['0', '1'], items(line)[0]?.[1]], ...items(line).slice(1)],
    })),
    relisted('MIX_PROOF', 'two items exchanged after the proof', (line) => ({ ...line, items: [...items(line)].reverse() })),
    relisted('MIX_PROOF', 'another response', (line) => proof(line, { sHat: [...((line.proof as Line).sHat as string[])].reverse() })),
    fault(
      'LINE_ORDER',
      'a list without a mix',
      endAgain(lines.toSpliced(find('mix'), 0, lines[find('mix-list')] as string)),
      find('mix') + 1,
    ),
    fault('LINE_ORDER', 'a list more than its mix names', endAgain(lines.toSpliced(second, 0, lines[second - 1] as string)), second + 1),
    fault('MIX_MISSING', 'the second step is missing', without(second, find('opening') - second), 0),
  ];
}

function openingFaults({ find, fault, resigned, without }: FaultKit): RecordFault[] {
  const lists = (line: Line, make: (partials: string[][]) => unknown) =>
    (line.lists as Line[]).map((list, i) => (i === 0 ? { ...list, partials: make(list.partials as string[][]) } : list));
  return [
    resigned('OPENING_MIX', 'an opening of another chain', 'opening', () => ({ mix: ZERO })),
    resigned('OPENING_MIX', 'a partial less', 'opening', (line) => ({ lists: lists(line, (all) => all.slice(1)) })),
    resigned('OPENING_PROOF', 'two partials exchanged', 'opening', (line) => ({ lists: lists(line, (all) => [...all].reverse()) })),
    resigned('BAD_POINT', 'a partial off the curve', 'opening', (line) => ({ lists: lists(line, (all) => [OFF_CURVE, ...all.slice(1)]) })),
    fault('OPENING_MISSING', 'T10: one opening of the second wave is missing', without(find('opening', -1)), 0),
  ];
}

function nameFaults({ find, fault, altered, without }: FaultKit): RecordFault[] {
  const names = (make: (all: Line[]) => unknown) => (line: Line) => ({ ...line, names: make(line.names as Line[]) });
  const first = (members: object) => names(([one, ...rest]) => [{ ...one, ...members }, ...rest]);
  return [
    altered(
      'NAMES_LIST',
      'a name less',
      'names',
      names((all) => all.slice(1)),
    ),
    altered('NAMES_LIST', 'names of another wave', 'names', (line) => ({ ...line, wave: 2 })),
    altered(
      'NAMES_TOKENS',
      'T5: two names exchanged',
      'names',
      names((all) => [...all].reverse()),
    ),
    altered('NAME_UNPROVEN', 'T44: another name', 'names', first({ name: 'Somebody Else' })),
    altered('NAME_UNPROVEN', 'T44: another salt', 'names', first({ salt: '1' })),
    altered('NAME_UNLISTED', 'T45: another blind than in the roll', 'names', first({ blind: ZERO })),
    altered(
      'NAME_UNLISTED',
      'another place among the capsules',
      'names',
      names(([one, ...rest]) => [{ ...one, index: ((one?.index as number) + 1) % 5 }, ...rest]),
    ),
    fault('NAMES_MISSING', 'the names of a group are missing', without(find('names')), 0),
  ];
}

function destructionFaults(scenes: RecordScenes, ended: FaultKit): RecordFault[] {
  const { context } = scenes.ended.scene;
  const end = destructionTime(context.statement);
  const author = { context, trustee: 1, seed: ended.seeds[0] as Uint8Array };
  const at = ended.find('destroyed');
  const second = ended.find('wave', 1);
  return [
    ended.fault(
      'DESTROYED_EARLY',
      'a share destroyed too early',
      endAgain(ended.change(at, () => signDestroyed(author, { waves: [] }, end - 1))),
      at + 1,
    ),
    ended.resigned('DESTROYED_WAVES', 'a wave named twice', 'destroyed', (line) => ({
      waves: [(line.waves as Line[])[0], (line.waves as Line[])[0]],
    })),
    ended.fault('VOUCHED_MISSING', 'T54: a wave that two have opened is missing', ended.without(second, at - second), 0),
    ended.fault('VOUCHED_MISSING', 'T54: the board ends before what two have cosigned', ended.without(ended.find('checkpoint', 4), 2), 0),
    ended.altered('LINE_ORDER', 'two destructions of one trustee', 'destroyed', () => readLine(ended.lines[at] as string), 1),
  ];
}

function endFaults({ lines, seeds, fault }: FaultKit): RecordFault[] {
  const end = (members: Line, seed?: Uint8Array) => endAgain(lines, members, seed);
  return [
    fault('END_SIGNATURE', 'an end of somebody else', end({}, seeds[0]), lines.length),
    fault('END_LINES', 'an end over more lines', end({ lines: lines.length }), lines.length),
    fault('END_HASH', 'an end over other lines', end({ hash: ZERO }), lines.length),
    fault('END_TIME', 'an end before the last checkpoint', end({ time: 1_800_002_004 }), lines.length),
    fault('OTHER_STATEMENT', 'an end of another statement', end({ statement: ZERO }), lines.length),
  ];
}
