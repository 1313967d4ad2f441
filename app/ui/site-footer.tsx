import Link from 'next/link';
import type { Operator } from '#lib/server/operator.ts';
import css from './site.module.css';

/** The small print, on every page: what this does not protect from, the keys in use, where the source is. */
export function SiteFooter({ operator, sourceUrl }: { operator: Operator; sourceUrl?: string }) {
  return (
    <footer className={css.footer} data-print="never">
      <div className={css.footerInner}>
        <p>
          A round robin hides who signed until enough have. It does not hide that you visit this site, and it cannot stop trustees who break
          their word together.{' '}
          <Link href="/about#not-protected" prefetch={false}>
            What this does not protect you from
          </Link>
        </p>
        {operator.contact && (
          <p>
            <span>Whoever runs this site can be reached at </span>
            <bdi translate="no">{operator.contact}</bdi>.
          </p>
        )}
        <nav className={css.links} aria-label="About">
          <Link href="/about" prefetch={false}>
            How it works
          </Link>
          <Link href="/issuer" prefetch={false}>
            For issuers
          </Link>
          <Link href="/keys" prefetch={false}>
            Keys in use
          </Link>
          <Link href="/moderation" prefetch={false}>
            What was hidden
          </Link>
          {operator.imprint && (
            <Link href="/imprint" prefetch={false}>
              Imprint
            </Link>
          )}
          {sourceUrl ? (
            <a href={sourceUrl} rel="noreferrer noopener">
              Source code
            </a>
          ) : (
            <Link href="/about#source" prefetch={false}>
              Source code
            </Link>
          )}
          <span>Free software, AGPL-3.0-or-later</span>
        </nav>
      </div>
    </footer>
  );
}
