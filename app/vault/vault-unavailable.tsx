import { Notice } from '../ui/notice.tsx';

interface VaultUnavailableProps {
  message: string;
  /** What helps; null where it is another window, as with storage that is refused in a private one. */
  todo: string | null;
  madeWhere: string;
}

/** What a page says instead of its content when the browser does not give out its storage. */
export function VaultUnavailable({ message, todo, madeWhere }: VaultUnavailableProps) {
  return (
    <Notice
      kind="error"
      title="This browser does not give out what it keeps."
      lost={message}
      todo={todo ?? `Open this page in an ordinary window, ${madeWhere}`}
    />
  );
}
