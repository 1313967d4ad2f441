import { Markdown } from '#app/ui/markdown.tsx';
import type { StatementView } from '#lib/server/statements/get-view.ts';
import css from './statement.module.css';
import { TranslatedTitle } from './statement-title.tsx';

/** What is signed, in the language that counts. */
export function OriginalText({ view }: { view: StatementView }) {
  const [original] = view.statement.text;
  return <Markdown text={original?.body ?? ''} lang={original?.language} />;
}

/** The same with its translations, each closed until somebody wants it. */
export function StatementText({ view }: { view: StatementView }) {
  const [, ...translations] = view.statement.text;
  return (
    <>
      <article>
        <OriginalText view={view} />
      </article>
      {translations.map((text) => (
        <details key={text.language} className={css.translation} lang={text.language}>
          <summary>
            <TranslatedTitle text={text} />
          </summary>
          <Markdown text={text.body} lang={text.language} />
        </details>
      ))}
    </>
  );
}
