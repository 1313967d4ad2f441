import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CHAPTERS } from './make-vectors/all-chapters.ts';
import { type Case, formatFile, makeChapter } from './make-vectors/chapter.ts';

const folder = new URL('../vectors/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');
type File = { given?: unknown; operations: Record<string, { cases: (Case & { output?: unknown })[] }> };

describe.each(CHAPTERS)('the vectors of SPEC §$section in $file', (chapter) => {
  const text = read(chapter.file);
  const { given, operations } = JSON.parse(text) as File;
  for (const [name, { cases }] of Object.entries(operations))
    it.each(cases)(`${name}: $name → $expect`, ({ input, expect: expected, output }) => {
      const outcome = chapter.operations[name]?.replay(input, given);
      expect(outcome?.expect).toBe(expected);
      expect(outcome?.output === undefined ? undefined : JSON.parse(JSON.stringify(outcome.output))).toEqual(output);
    });

  it('are what scripts/make-vectors.ts writes', () => {
    expect(formatFile(makeChapter(chapter))).toBe(text);
  });
});
