import type { ReactNode } from 'react';
import css from './page-parts.module.css';
import { PersonName } from './person-name.tsx';

interface PageHeadProps {
  /** The page's one h1. A text that a stranger wrote is isolated in its direction. */
  title: string;
  /** A word or two above the title: what kind of page, whose group. */
  kicker?: ReactNode;
  /** What the title is the title of, where a reader is to know it before anything else. */
  text?: ReactNode;
  /** The page's purpose in a sentence or two, set larger. */
  lead?: ReactNode;
  /** The page's one primary action. */
  action?: ReactNode;
}

/** The top of a page. */
export function PageHead({ title, kicker, text, lead, action }: PageHeadProps) {
  return (
    <header className={css.head}>
      {kicker && <p className={css.kicker}>{kicker}</p>}
      <h1>
        <PersonName name={title} />
      </h1>
      {text && <div className={css.text}>{text}</div>}
      {lead && <div className={css.lead}>{lead}</div>}
      {action && <div className={css.action}>{action}</div>}
    </header>
  );
}

/** A part of a page under its own heading; `screenOnly` leaves it off the printed letter. */
export function Section({ title, id, screenOnly, children }: { title: string; id?: string; screenOnly?: boolean; children: ReactNode }) {
  return (
    <section className={css.section} id={id} data-print={screenOnly ? 'never' : undefined}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

/** Things one under another at an even distance: `wide` between the parts of a page, `narrow` between lines that belong together. */
export function Stack({ gap = 'normal', children }: { gap?: 'narrow' | 'normal' | 'wide'; children: ReactNode }) {
  return <div className={`${css.stack} ${css[gap]}`}>{children}</div>;
}

/** What a page is about, and beside it (below, on a phone) what one may want to know as well. */
export function PageColumns({ main, beside }: { main: ReactNode; beside: ReactNode }) {
  return (
    <div className={css.columns}>
      <div className={css.stack}>{main}</div>
      <div className={css.stack}>{beside}</div>
    </div>
  );
}
