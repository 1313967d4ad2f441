import { Fragment, type ReactNode } from 'react';
import { writeOutUnseen } from '#lib/protocol/messages/visible-text.ts';
import { type Block, readBody, type SetBody } from '#lib/protocol/statement/body.ts';
import type { Inline } from '#lib/protocol/statement/body-inlines.ts';
import css from './markdown.module.css';

interface MarkdownProps {
  text: string;
  /** BCP 47 tag of the text's language, where the statement names it. */
  lang?: string;
  /** Without any form, for a text that nobody looks at yet. */
  asWritten?: boolean;
}

/**
 * A text that a stranger wrote, set as a letter. Every character of it can be seen: a mark of Markdown as its form, what nobody
 * could see written out and counted, everything else as it was written, with the whole address of each link. No programs that
 * translate pages touch it, and direction follows each paragraph's own first letter. SPEC §5.6.
 */
export function Markdown({ text, lang, asWritten = false }: MarkdownProps) {
  const shown = writeOutUnseen(text);
  const { blocks, isCut } = asWritten ? plainBody(shown.text) : readBody(shown.text);
  return (
    <div className={css.letter} lang={lang} translate="no">
      {shown.unseen > 0 && (
        <p className={css.remark} lang="en">
          {`${shown.unseen === 1 ? 'One character' : `${shown.unseen} characters`} of this text cannot be seen, and stands here as its number, as in ‹U+202E›. Ask yourself why somebody put it there.`}
        </p>
      )}
      <Blocks blocks={blocks} />
      {isCut && (
        <p className={css.remark} lang="en">
          Part of this text has more marks than are set as a letter. It stands above as it was written.
        </p>
      )}
    </div>
  );
}

function plainBody(text: string): SetBody {
  return { blocks: [{ type: 'paragraph', parts: [text] }], isCut: false };
}

function Blocks({ blocks }: { blocks: readonly Block[] }): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: a text never changes; another one is another list
  return blocks.map((block, i) => <BlockOf key={i} block={block} />);
}

function BlockOf({ block }: { block: Block }) {
  switch (block.type) {
    case 'paragraph':
      return (
        <p>
          <Parts parts={block.parts} />
        </p>
      );
    case 'heading': {
      // The page's own title is the h1 and the sections beside the text are h2, so a text's headings begin below.
      const Heading = block.level <= 2 ? 'h3' : 'h4';
      return (
        <Heading>
          <Parts parts={block.parts} />
        </Heading>
      );
    }
    case 'rule':
      return <hr />;
    case 'quote':
      return (
        <blockquote>
          <Blocks blocks={block.blocks} />
        </blockquote>
      );
    case 'list':
      return <List items={block.items} />;
    case 'plain':
      return <pre translate="no">{block.text}</pre>;
  }
}

/** Numbers stand as they were written: a list of ours would count by itself. */
function List({ items }: { items: (Block & { type: 'list' })['items'] }) {
  const isNumbered = items[0]?.mark !== null;
  return (
    // biome-ignore lint/a11y/noRedundantRoles: without marks of its own it is no list to every screen reader
    <ul role="list" className={isNumbered ? css.numbered : undefined}>
      {items.map(({ mark, blocks }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a text never changes; another one is another list
        <li key={i}>
          {mark !== null && <span className={css.number}>{`${mark} `}</span>}
          <div>
            <Blocks blocks={blocks} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function Parts({ parts }: { parts: readonly Inline[] }): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: a text never changes; another one is another list
  return parts.map((part, i) => <Fragment key={i}>{typeof part === 'string' ? part : <PartOf part={part} />}</Fragment>);
}

function PartOf({ part }: { part: Exclude<Inline, string> }) {
  switch (part.type) {
    case 'emphasis':
      return (
        <em>
          <Parts parts={part.parts} />
        </em>
      );
    case 'strong':
      return (
        <strong>
          <Parts parts={part.parts} />
        </strong>
      );
    case 'code':
      return <code translate="no">{part.text}</code>;
    case 'link':
      return (
        <>
          <a href={part.url} rel="noreferrer noopener nofollow">
            {part.text ?? part.url}
          </a>
          {part.text !== null && <span className={css.address}>{` (${part.url})`}</span>}
        </>
      );
  }
}
