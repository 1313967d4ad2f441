import css from './words.module.css';

/** The words of a wallet, numbered: to be written down in this order. */
export function WordList({ words }: { words: readonly string[] }) {
  return (
    <ol className={css.words} translate="no" lang="en">
      {words.map((word, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a word may stand twice, and its place is what it is
        <li key={i}>{word}</li>
      ))}
    </ol>
  );
}
