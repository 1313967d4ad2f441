import { Markdown } from '#app/ui/markdown.tsx';
import type { StatementView } from '#lib/server/statements/get-view.ts';
import { FurtherTexts } from './further-texts.tsx';
import css from './statement.module.css';

/** The first of the texts that are signed, which the author wrote. */
export function OriginalText({ view }: { view: StatementView }) {
  const [original] = view.statement.text;
  return <Markdown text={original?.body ?? ''} lang={original?.language} />;
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
