import type { Metadata } from 'next';
import { getContext } from '#lib/server/current-context.ts';
import { PageHead } from '../ui/page-parts.tsx';
import css from './imprint.module.css';

export const metadata: Metadata = { title: 'Imprint' };

/** Who runs this site, in the operator's own words. */
export default async function ImprintPage() {
  const { contact, imprint } = (await getContext()).operator;
  return (
    <>
      <PageHead title="Who runs this site" />
      {imprint ? (
        <p className={css.imprint} dir="auto" translate="no">
          {imprint}
        </p>
      ) : (
        <p>Whoever runs this site has not said here who they are. Think twice before you trust it.</p>
      )}
      {contact && (
        <p>
          <span>Contact: </span>
          <bdi translate="no">{contact}</bdi>
        </p>
      )}
    </>
  );
}
