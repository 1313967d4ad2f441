import Link from 'next/link';
import { RingGlyph } from './ring-glyph.tsx';
import css from './site.module.css';

/** Wordmark and the four places everybody needs; one line from 360 pixels up. */
export function SiteHeader() {
  return (
    <header className={css.header} data-print="never">
      <a className={css.skip} href="#content">
        Skip to the content
      </a>
      <div className={css.bar}>
        <Link className={css.wordmark} href="/">
          <RingGlyph />
          Round Robin
        </Link>
        <nav className={css.nav} aria-label="Main">
          <Link href="/statements">Statements</Link>
          <Link href="/groups">Groups</Link>
          <Link href="/wallet">
            <span className={css.narrow}>Memberships</span>
            <span className={css.wide}>My memberships</span>
          </Link>
          <Link href="/check">
            Check<span className={css.wide}> a record</span>
          </Link>
        </nav>
      </div>
    </header>
  );
}
