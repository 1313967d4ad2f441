import { Markdown } from '#app/ui/markdown.tsx';
import type { StatementView } from '#lib/server/statements/get-view.ts';
import { describeFurtherTexts } from '#lib/signing/further-texts.ts';
import { FurtherTexts } from './further-texts.tsx';
import css from './statement.module.css';

/** The first of the texts that are signed, which the author wrote. */
function OriginalText({ view }: { view: StatementView }) {
  const [original] = view.statement.text;
  return <Markdown text={original?.body ?? ''} lang={original?.language} />;
}

/** The first of them for the printed letter, which has no room for all, and that others were signed with it. */
export function LetterText({ view }: { view: StatementView }) {
  const further = describeFurtherTexts(view.statement.text.length - 1);
  return (
    <>
      <OriginalText view={view} />
      {further !== null && <p>{further}</p>}
    </>
  );
}

/** All of them. */
export function StatementText({ view }: { view: StatementView }) {
  const [, ...translations] = view.statement.text;
  return (
    <>
      <article>
        <OriginalText view={view} />
      </article>
      <FurtherTexts texts={translations} className={css.translation} />
    </>
  );
}
