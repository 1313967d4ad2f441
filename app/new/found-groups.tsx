'use client';

import { type ReactNode, useRef, useState } from 'react';
import { pagesOf } from '#lib/api/pages.ts';
import { type GroupList, type GroupSummary, LONGEST_SEARCH } from '#lib/api/shapes.ts';
import { anonymousApi } from '#lib/browser/anonymous-api.ts';
import { countOf } from '#lib/protocol/messages/count-of.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { Button } from '../ui/button.tsx';
import { TextInput } from '../ui/field.tsx';
import css from '../ui/long-list.module.css';
import { useReading } from '../ui/use-reading.ts';

/** How long nobody types before the site is asked. */
const TYPED_MS = 300;

interface FoundGroupsProps {
  first: GroupList;
  /** Those that are chosen; they stand above whatever is looked for, unless they are in it. */
  chosen: readonly GroupSummary[];
  /** Draws some of the groups. */
  children: (shown: readonly GroupSummary[]) => ReactNode;
}

/** Groups of a site that has too many for a page to hold: the site finds them and gives them out page by page. */
export function FoundGroups({ first, chosen, children }: FoundGroupsProps) {
  const [words, setWords] = useState('');
  const [passed, setPassed] = useState<readonly Hex32[]>([]);
  // Taken when the list changes, so that no box moves or goes away while somebody is on it.
  const [kept, setKept] = useState(chosen);
  const place = useRef<HTMLParagraphElement>(null);
  const looked = words.trim();
  const after = passed.at(-1);
  const isFirst = looked === '' && after === undefined;
  const read = useReading((signal) => (isFirst ? Promise.resolve(first) : findSome(looked, after, signal)), [looked, after]);
  const page = isFirst ? first : read.value;
  const shown = page?.groups.filter(({ ended }) => !ended) ?? [];
  const above = kept.filter(({ id }) => shown.every((one) => one.id !== id));
  const turn = (next: readonly Hex32[]) => {
    setPassed(next);
    setKept(chosen);
    place.current?.focus();
  };
  const found =
    read.error && !page ? 'This site does not answer. Try again later.' : page ? describeFound(shown.length, page) : 'Looking …';
  return (
    <div className={css.long}>
      <div className={css.find} data-print="never">
        <TextInput
          label="Find a group"
          hint="This site is told what you look for."
          type="search"
          autoComplete="off"
          spellCheck={false}
          maxLength={LONGEST_SEARCH}
          value={words}
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.preventDefault(); // it would send the whole form
          }}
          onChange={(event) => {
            setWords(event.target.value);
            setPassed([]);
            setKept(chosen);
          }}
        />
      </div>
      {above.length > 0 && children(above)}
      <p ref={place} tabIndex={-1} className={css.place} role="status">
        {found}
      </p>
      {shown.length > 0 && children(shown)}
      {(after !== undefined || page?.next !== undefined) && (
        <nav className={css.turning} aria-label="Pages of the list" data-print="never">
          <Button kind="secondary" disabled={after === undefined} onClick={() => turn(passed.slice(0, -1))}>
            Previous
          </Button>
          <Button kind="secondary" disabled={page?.next === undefined} onClick={() => page?.next && turn([...passed, page.next])}>
            Next
          </Button>
        </nav>
      )}
    </div>
  );
}

function describeFound(count: number, { next }: GroupList): string {
  if (count === 0) return next === undefined ? 'No further group found' : 'No group here; there are further pages';
  return `${countOf(count, 'group', 'groups')} by name${next === undefined ? '' : ', and there are more'}`;
}

/** The next page on which there is something: each request of a search looks at some of the groups. */
async function findSome(words: string, from: Hex32 | undefined, signal: AbortSignal): Promise<GroupList> {
  await new Promise((resolve) => setTimeout(resolve, TYPED_MS));
  signal.throwIfAborted();
  let last: GroupList = { groups: [] };
  for await (const page of pagesOf((after?: Hex32) => anonymousApi.findGroups(words, after ?? from, { signal }))) {
    last = page;
    if (page.groups.length > 0) break;
  }
  return last;
}
