import type { ReactNode } from 'react';
import css from './site.module.css';

/** A line across the page, for what must not be overlooked. */
function Banner({ children }: { children: ReactNode }) {
  return (
    <div className={css.banner}>
      <p>{children}</p>
    </div>
  );
}

interface InstanceBannersProps {
  /** All trustees are processes of this one machine. */
  trial: boolean;
  /** The proof keys come from a development setup, whose maker could have kept its secrets. */
  developmentKeys: boolean;
}

/** The warnings an instance owes its readers, or nothing. */
export function InstanceBanners({ trial, developmentKeys }: InstanceBannersProps) {
  if (!trial && !developmentKeys) return null;
  return (
    <aside className={css.banners} aria-label="About this site" data-print="never">
      {trial && (
        <Banner>
          <strong>For trial only.</strong> All trustees run on this machine, so whoever runs it can open every seal. Sign nothing here that
          could hurt you.
        </Banner>
      )}
      {developmentKeys && (
        <Banner>
          <strong>Development keys.</strong> The proof system was set up on one machine. Its maker could forge signatures, though not open
          them.
        </Banner>
      )}
    </aside>
  );
}
