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
