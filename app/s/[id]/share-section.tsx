import { CopyField } from '#app/ui/copy-button.tsx';
import { Section } from '#app/ui/page-parts.tsx';
import type { StatementView } from '#lib/server/statements/get-view.ts';
import { formatStatementLink } from '#lib/signing/statement-link.ts';
import { embedSnippet } from './embed/embed-policy.ts';
import { canSign, listShownNames } from './present-statement.ts';
import css from './statement.module.css';

/** What people hand on: the link, whose hash no server sees; while it can be signed the deadline, and once they are open the names. */
export function ShareSection({ view, publicUrl }: { view: StatementView; publicUrl: string }) {
  const link = formatStatementLink({ origin: publicUrl, id: view.id });
  const files = `/api/anonymous/statements/${view.id}`;
  return (
    <Section title="Share it">
      <CopyField label="Link to this statement" value={link} />
      <p className={css.quiet}>
        The end of the link is the statement’s hash. When somebody opens it, their own browser checks that they see this very statement.
      </p>
      {canSign(view) && (
        <p>
          <a href={`${files}/calendar`} download>
            Put the deadline in your calendar
          </a>
          <span className={css.note}>
            The file is made for everybody alike. A calendar that is kept online shows its provider that this statement matters to you.
          </span>
        </p>
      )}
      {listShownNames(view).length > 0 && (
        <p>
          <span>The names as </span>
          <a href={`${files}/names/csv`} download>
            a table (CSV)
          </a>
          <span> or </span>
          <a href={`${files}/names`} download={`round-robin-${view.id.slice(0, 12)}-names.json`}>
            for programs (JSON)
          </a>
          <span className={css.note}>
            In the order of the ring, which is nobody’s order of signing. Where one name stands for several signatures, its line says how
            many.
          </span>
        </p>
      )}
      <details>
        <summary>Show it on your own page</summary>
        <CopyField label="HTML for a frame" value={embedSnippet(publicUrl, view.id)} />
        <p className={css.below}>
          It shows ring, count and title, and runs no script. But everybody who reads your page becomes visible to this site, as if they had
          come here: the network address, and when. If that could put them at risk, use a plain link instead.
        </p>
      </details>
    </Section>
  );
}
