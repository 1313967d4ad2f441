'use client';

import { type ReactNode, useDeferredValue, useEffect, useId, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { findInList, foldText, PAGE_ITEMS, pageOf } from '#lib/api/find-in-list.ts';
import { countOf, groupDigits } from '#lib/protocol/messages/count-of.ts';
import { Button } from './button.tsx';
import { TextInput } from './field.tsx';
import css from './long-list.module.css';

interface LongListProps<Item> {
  items: readonly Item[];
  /** What the field looks through. */
  textOf: (item: Item) => string;
  /** What can be looked for: "Find a name". */
  find: string;
  /** What the items are: "name", "names". */
  one: string;
  many: string;
  /** Items that stand on the page at once. */
  size?: number;
  /** Paper shows the whole list, or the page that is open. */
  print?: 'all' | 'page';
  /** Draws some of the items, as a list or table. */
  children: (shown: readonly Item[]) => ReactNode;
}

/**
 * Any list that may grow long: a field to find an item, and pages to turn. A short one is just a list. Whatever its length, only
 * one page of it is laid out, so that thousands arrive without a pause.
 */
export function LongList<Item>({ items, textOf, find, one, many, size = PAGE_ITEMS, print = 'all', children }: LongListProps<Item>) {
  const [looked, setLooked] = useState('');
  const [wanted, setWanted] = useState(0);
  const place = useRef<HTMLParagraphElement>(null);
  const isPrinting = usePrinting();
  const words = useDeferredValue(looked);
  const isLooking = words.trim() !== '';
  const fold = useMemo(() => once(() => items.map((item) => foldText(textOf(item)))), [items, textOf]);
  const found = useMemo(
    () => (isLooking ? findInList(fold(), words).map((i) => items[i] as Item) : items),
    [isLooking, fold, words, items],
  );

  if (items.length <= size || (isPrinting && print === 'all')) return children(items);

  const { page, pages, start, end } = pageOf(found.length, wanted, size);
  const shown = found.slice(start, end);
  const range = `${groupDigits(start + 1)} to ${groupDigits(end)} of ${countOf(found.length, one, many)}`;
  const turnTo = (next: number) => {
    flushSync(() => setWanted(next));
    place.current?.focus();
    place.current?.scrollIntoView({ block: 'start' });
  };
  return (
    <div className={css.long}>
      <div className={css.find} data-print="never">
        <TextInput
          label={find}
          type="search"
          autoComplete="off"
          spellCheck={false}
          value={looked}
          onChange={(event) => {
            setLooked(event.target.value);
            setWanted(0);
          }}
        />
      </div>
      <p ref={place} tabIndex={-1} className={css.place}>
        {found.length === 0 ? `No ${one} found` : isLooking ? `Found: ${range}` : range}
      </p>
      <p role="status" className={css.unseen}>
        {isLooking && `${countOf(found.length, one, many)} found`}
      </p>
      {found.length > 0 && children(shown)}
      {pages > 1 && <Turning page={page} pages={pages} onTurn={turnTo} />}
    </div>
  );
}

/** More pages than this nobody leafs through; there one finds. */
const MOST_TO_CHOOSE = 100;

function Turning({ page, pages, onTurn }: { page: number; pages: number; onTurn: (page: number) => void }) {
  const id = useId();
  return (
    <nav className={css.turning} aria-label="Pages of the list" data-print="never">
      <Button kind="secondary" disabled={page === 0} onClick={() => onTurn(page - 1)}>
        Previous
      </Button>
      <span className={css.choice}>
        {pages > MOST_TO_CHOOSE ? (
          `Page ${groupDigits(page + 1)} of ${groupDigits(pages)}`
        ) : (
          <>
            <label htmlFor={id}>Page</label>
            <select id={id} className={css.select} value={page} onChange={(event) => onTurn(Number(event.target.value))}>
              {Array.from({ length: pages }, (_, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a page is nothing but its number
                <option key={i} value={i}>
                  {i + 1}
                </option>
              ))}
            </select>
            <span>{`of ${groupDigits(pages)}`}</span>
          </>
        )}
      </span>
      <Button kind="secondary" disabled={page === pages - 1} onClick={() => onTurn(page + 1)}>
        Next
      </Button>
    </nav>
  );
}

/** Whether the page is being printed. The whole list has to be there before the browser lays out its sheets. */
function usePrinting(): boolean {
  const [isPrinting, setPrinting] = useState(false);
  useEffect(() => {
    const begin = () => flushSync(() => setPrinting(true));
    const end = () => setPrinting(false);
    addEventListener('beforeprint', begin);
    addEventListener('afterprint', end);
    return () => {
      removeEventListener('beforeprint', begin);
      removeEventListener('afterprint', end);
    };
  }, []);
  return isPrinting;
}

/** Does something at the first call and remembers what came out: a list is made ready for finding when somebody looks for something. */
function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
