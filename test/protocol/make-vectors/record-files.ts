import type { Json } from '#lib/protocol/messages/json.ts';
import { writeRecord } from '#test/support/record-parts.ts';
import { makeRecordFaults, type RecordFault } from './record-faults.ts';
import type { RecordScenes } from './records.ts';
import { secretsOf } from './scene.ts';
import { type Edit, findEdits } from './seal-record.ts';

/** What a verifier must say of a good record. */
const GOOD: Record<keyof RecordScenes, { state: string; names: string[]; openedBy: number[][]; stubs: number; culprits: Json[] }> = {
  revealed: {
    state: 'revealed',
    names: ['Ada Lovelace, crew 1', 'Žofie Nováková, crew 1', 'Brian O’Neill, crew 1', 'Žofie Nováková, crew 2', 'Brian O’Neill, crew 2'],
    openedBy: [
      [1, 2, 3],
      [1, 2],
    ],
    stubs: 0,
    culprits: [],
  },
  ended: {
    state: 'revealed',
    names: ['Ada Lovelace, crew 1', 'Žofie Nováková, crew 1', 'Brian O’Neill, crew 1', 'Žofie Nováková, crew 2', 'Brian O’Neill, crew 2'],
    openedBy: [
      [1, 2, 3],
      [1, 2],
    ],
    stubs: 4,
    culprits: [{ trustee: 3, reason: 'FORKED' }],
  },
  unopened: { state: 'unopened', names: [], openedBy: [[1], [1]], stubs: 0, culprits: [] },
  destroyed: { state: 'destroyed', names: [], openedBy: [], stubs: 2, culprits: [] },
  aborted: { state: 'aborted', names: [], openedBy: [], stubs: 0, culprits: [{ trustee: 2, reason: 'BAD_SHARE' }] },
  hidden: { state: 'open', names: [], openedBy: [], stubs: 0, culprits: [] },
};

export type RecordVectors = {
  section: string;
  about: string;
  good: { file: string; state: string; names: string[]; openedBy: number[][]; stubs: number; culprits: Json[]; secrets: Json }[];
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
      'good: files in which nothing is wrong, and what they show. faults: take the file, make the edits from the last to the first (at line, counted from 1, take remove lines away and put insert there; where unended is true, take the last line feed away); a verifier must report expect at line, where 0 stands for something missing. Other failures may follow from it.',
    good: Object.entries(scenes).map(([name, { scene }]) => ({
      file: recordFile(name),
      ...GOOD[name as keyof RecordScenes],
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
