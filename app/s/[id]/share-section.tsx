import { CopyField } from '#app/ui/copy-button.tsx';
import { Section } from '#app/ui/page-parts.tsx';
import css from './statement.module.css';

/** The link with the hash behind its #, which the reader's browser compares and no server sees. */
export function ShareSection({ link }: { link: string }) {
  return (
    <Section title="Share it">
      <CopyField label="Link to this statement" value={link} />
      <p className={css.quiet}>
        The end of the link is the statement’s hash. Whoever opens it, their own browser checks that they see this very statement.
      </p>
    </Section>
  );
}
