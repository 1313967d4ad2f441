import type { Json } from '#lib/protocol/messages/json.ts';
import { writeRecord } from '#test/support/record-parts.ts';
import { type Edit, findEdits } from './end-record.ts';
import type { RecordFault } from './fault-kit.ts';
import { makeRecordFaults } from './record-faults.ts';
import type { RecordName, RecordScenes } from './records.ts';
import { secretsOf } from './scene.ts';

/** What a verifier must say of a good record. */
type Good = { state: string; names: string[]; openedBy: number[][]; unopened: number; signatures: number; culprits: Json[] };
const NOTHING: Omit<Good, 'state'> = { names: [], openedBy: [], unopened: 0, signatures: 0, culprits: [] };
const FIRST = ['Ada Lovelace, crew 1', 'Brian O’Neill, crew 1', 'Žofie Nováková, crew 2', 'Brian O’Neill, crew 2'];
const ALL = [...FIRST, '李小龍, crew 1', 'Μαρία Παππά, crew 1'];
const OPENED_BY = [
  [1, 2, 3, 4],
  [2, 3],
];
const GOOD: Record<RecordName, Good> = {
  open: { ...NOTHING, state: 'open' },
  revealed: { ...NOTHING, state: 'revealed', names: ALL, openedBy: OPENED_BY, signatures: 8 },
  ended: { ...NOTHING, state: 'revealed', names: ALL, openedBy: OPENED_BY, signatures: 8, culprits: [{ trustee: 4, reason: 'FORKED' }] },
  chains: { ...NOTHING, state: 'revealed', names: FIRST, openedBy: [[1, 4]], signatures: 4 },
  unopened: { ...NOTHING, state: 'unopened', unopened: 1, signatures: 4 },
  unvouched: { ...NOTHING, state: 'unvouched', signatures: 2 },
  destroyed: { ...NOTHING, state: 'destroyed', signatures: 2 },
  aborted: { ...NOTHING, state: 'aborted', culprits: [{ trustee: 2, reason: 'BAD_SHARE' }] },
};

export type RecordVectors = {
  section: string;
  about: string;
  good: (Good & { file: string; secrets: Json })[];
  faults: { name: string; file: string; edits: Edit[]; unended?: true; expect: string; line: number }[];
};

const recordFile = (name: string) => `record-${name}.ndjson`;

/** The records, and the list of what is to be said of each and of each with one thing wrong. */
export function makeRecordFiles(scenes: RecordScenes): Map<string, string> {
  const bases = new Map(Object.entries(scenes).map(([name, { parts }]) => [name, writeRecord(parts)]));
  const files = new Map([...bases].map(([name, lines]) => [recordFile(name), lines.map((line) => `${line}\n`).join('')]));
  const vectors: RecordVectors = {
    section: '12',
    about:
      'good: files in which nothing is wrong, and what they show. faults: take the file, make the edits from the last to the first (at line, counted from 1, take remove lines away and put insert there; where unended is true, take the last line feed away); a verifier must report expect at line, where 0 stands for something missing. Other failures may follow from it. signatures are the live ones of the last final checkpoint.',
    good: Object.entries(scenes).map(([name, { scene }]) => ({
      file: recordFile(name),
      ...GOOD[name as RecordName],
      secrets: { platform: '07'.repeat(32), ...secretsOf(scene) } as Json,
    })),
    faults: makeRecordFaults(scenes).map(({ name, base, lines, ...rest }: RecordFault) => ({
      ...{ name, file: recordFile(base), ...rest },
      edits: findEdits(bases.get(base) as string[], lines),
    })),
  };
  return files.set('records.json', formatVectors(vectors));
}

/** One line for each record and fault. */
function formatVectors({ section, about, good, faults }: RecordVectors): string {
  const list = (items: readonly unknown[]) => items.map((item) => `    ${JSON.stringify(item)}`).join(',\n');
  return `{\n  "section": "${section}",\n  "about": ${JSON.stringify(about)},\n  "good": [\n${list(good)}\n  ],\n  "faults": [\n${list(faults)}\n  ]\n}\n`;
}
