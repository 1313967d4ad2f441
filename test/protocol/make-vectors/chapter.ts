import type { Checked } from '#lib/protocol/messages/checked.ts';
import type { Json } from '#lib/protocol/messages/json.ts';

/** What an implementation says to an input: `ok`, a failure name, or a word of the operation, and what it computed. */
export type Outcome = { expect: string; output?: Json };

export type Case = { name: string; input: Json; expect: string };

/** One thing that every implementation must be able to do, with inputs to try it on. `about` tells input and output. */
export type Operation = {
  about: string;
  // biome-ignore lint/suspicious/noExplicitAny: each operation knows the form of its own inputs; the files are read as they are.
  replay: (input: any, given: any) => Outcome;
  cases: readonly Case[];
};

/** The vectors of a chapter of SPEC.md: one file. `given` is what all its cases share. */
export type Chapter = { file: string; section: string; given?: Json; operations: Record<string, Operation> };

/** The content of a chapter's file. @throws Error when the implementation says something else than a case expects */
export function makeChapter(chapter: Chapter): Json {
  const operations = Object.entries(chapter.operations).map(([name, { about, replay, cases }]) => {
    const made = cases.map((one) => {
      const outcome = replay(one.input, chapter.given);
      if (outcome.expect !== one.expect) throw new Error(`${chapter.file}, ${name}, ${one.name}: ${outcome.expect}, not ${one.expect}`);
      return { ...one, ...outcome };
    });
    return [name, { about, cases: made }] as const;
  });
  return {
    section: chapter.section,
    ...(chapter.given ? { given: chapter.given } : {}),
    operations: Object.fromEntries(operations) as Json,
  };
}

/** The outcome of a check; `output` is worked out only where the check passes. */
export function judged<T>(checked: Checked<T>, output?: (value: T) => Json): Outcome {
  if (!checked.ok) return { expect: checked.code };
  return output ? { expect: 'ok', output: output(checked.value) } : { expect: 'ok' };
}

/** The outcome of something that either holds or does not. */
export function holds(isTrue: boolean): Outcome {
  return { expect: isTrue ? 'ok' : 'refused' };
}

/** The outcome of a reader that gives null for what it refuses. */
export function read<T>(value: T | null, output: (value: T) => Json): Outcome {
  return value === null ? { expect: 'refused' } : { expect: 'ok', output: output(value) };
}

export function computed(output: Json): Outcome {
  return { expect: 'ok', output };
}

/** One line for each case, so that a change of one is a change of one line. */
export function formatFile(content: Json): string {
  const { operations, ...rest } = content as {
    operations: Record<string, { about: string; cases: Json[] }>;
    section: string;
    given?: Json;
  };
  const head = Object.entries(rest).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  const body = Object.entries(operations).map(([name, { about, cases }]) => {
    const lines = cases.map((one) => `        ${JSON.stringify(one)}`).join(',\n');
    return `    ${JSON.stringify(name)}: {\n      "about": ${JSON.stringify(about)},\n      "cases": [\n${lines}\n      ]\n    }`;
  });
  return `{\n${head.join(',\n')},\n  "operations": {\n${body.join(',\n')}\n  }\n}\n`;
}
