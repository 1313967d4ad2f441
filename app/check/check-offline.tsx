import { Section } from '../ui/page-parts.tsx';
import css from './check.module.css';

/** How to check without this site at all. */
export function CheckOffline() {
  return (
    <Section title="Without this site">
      <p>
        This page is served by the same site that it checks. Whoever does not want to trust it downloads the record and checks it with a
        copy of the source, which asks no server:
      </p>
      <pre className={css.command}>npm run verify-record -- record.ndjson</pre>
      <p>
        It makes the same checks, names every failure with its line, and ends with exit code 0 only if all of them pass. The format of the
        record and every check are written down in SPEC.md, so anybody can write a second verifier.
      </p>
    </Section>
  );
}
