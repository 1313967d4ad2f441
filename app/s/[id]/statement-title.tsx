import Link from 'next/link';
import { PersonName } from '#app/ui/person-name.tsx';

/** The way back from a page about a statement to the statement itself. */
export function StatementTitle({ id, title }: { id: string; title: string }) {
  return (
    <Link href={`/s/${id}`} prefetch={false}>
      <PersonName name={title} />
    </Link>
  );
}

/** Longer tags mean no language; an old statement may have one all the same. */
const LONGEST_TAG = 35;

/** The title of a further text of a statement, which is signed like the first, with the tag of its language. */
export function TranslatedTitle({ text: { title, language } }: { text: { title: string; language: string } }) {
  return (
    <>
      <PersonName name={title} /> <span translate="no">{`(${cutTag(language)})`}</span>
    </>
  );
}

/** The tag of a language, cut where it is too long to be one. */
export function cutTag(language: string): string {
  return language.length > LONGEST_TAG ? `${language.slice(0, LONGEST_TAG)}…` : language;
}
