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

/** For whoever has scripts off; everybody else does not see it. */
export function ScriptsBanner() {
  return (
    <noscript>
      <aside className={css.banners} aria-label="About this browser" data-print="never">
        <Banner>
          <strong>This browser runs no scripts.</strong> Statements can be read here. To join, sign, write or check, let this site run
          scripts (Tor Browser: security level “Standard”), or use the program from the source, which needs no browser.
        </Banner>
      </aside>
    </noscript>
  );
}

/** The warnings an instance owes its readers, on paper too: a letter of a trial looks like any other. Or nothing. */
export function InstanceBanners({ trial, developmentKeys }: InstanceBannersProps) {
  if (!trial && !developmentKeys) return null;
  return (
    <aside className={css.banners} aria-label="About this site">
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
