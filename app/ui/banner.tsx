import type { ReactNode } from 'react';
import css from './site.module.css';

/** One line across the top of every page, for what must not be overlooked. Says itself in words, not by colour. */
export function Banner({ children }: { children: ReactNode }) {
  return (
    <div className={css.banner} role="note">
      <p>{children}</p>
    </div>
  );
}

export interface InstanceWarnings {
  /** All trustees are processes of this one machine. */
  trial: boolean;
  /** How many of them there are; named in the warning. */
  trialTrustees?: number;
  /** The proof keys come from a development setup that one person could have kept the secrets of. */
  developmentKeys: boolean;
}

/** The warnings an instance owes its readers, or nothing. */
export function InstanceBanners({ trial, trialTrustees = 3, developmentKeys }: InstanceWarnings) {
  if (!trial && !developmentKeys) return null;
  return (
    <aside aria-label="About this site" data-print="never">
      {trial && (
        <Banner>
          <strong>For trial only.</strong> All {trialTrustees === 3 ? 'three' : trialTrustees} trustees run on this machine, so whoever runs
          it can open every seal. Sign nothing here that could hurt you.
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
