'use client';

import { useEffect, useRef, useState } from 'react';
import { Markdown } from '#app/ui/markdown.tsx';
import type { Statement } from '#lib/protocol/statement/statement.ts';
import { TranslatedTitle } from './statement-title.tsx';

interface FoldedTextProps {
  text: Statement['text'][number];
  isOpen: boolean;
  className?: string | undefined;
}

/**
 * One of the further texts of a statement. It is set as a letter once somebody opens it, and stands as it was written until then: the
 * server sets one text for each reader and not sixteen, and nothing is missing where no script runs.
 */
export function FoldedText({ text, isOpen, className }: FoldedTextProps) {
  const [isWanted, setWanted] = useState(isOpen);
  const details = useRef<HTMLDetailsElement>(null);
  const look = () => {
    if (details.current?.open) setWanted(true);
  };
  useEffect(look, []); // opened before the script was there
  return (
    <details ref={details} className={className} lang={text.language} open={isOpen} onToggle={look}>
      <summary>
        <TranslatedTitle text={text} />
      </summary>
      <Markdown text={text.body} lang={text.language} asWritten={!isWanted} />
    </details>
  );
}
