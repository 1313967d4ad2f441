import Link from 'next/link';
import { RingGlyph } from '../ring/ring-glyph.tsx';
import css from './site.module.css';

/** Wordmark and the four places everybody needs; one line from 360 pixels up. */
export function SiteHeader() {
  return (
    <header className={css.header} data-print="never">
      <a className={css.skip} href="#content">
        Skip to the content
      </a>
      <div className={css.bar}>
        <Link className={css.wordmark} href="/" prefetch={false}>
          <RingGlyph />
          Round Robin
        </Link>
        <nav className={css.nav} aria-label="Main">
          <Link href="/statements" prefetch={false}>
            Statements
          </Link>
          <Link href="/groups" prefetch={false}>
            Groups
          </Link>
          <Link href="/wallet" prefetch={false}>
            <span className={css.narrow}>Memberships</span>
            <span className={css.wide}>My memberships</span>
          </Link>
          <Link href="/check" prefetch={false}>
            Check<span className={css.wide}> a record</span>
          </Link>
        </nav>
      </div>
    </header>
  );
}
