import { Notice } from '../ui/notice.tsx';

/** What a page says instead of its content when the browser refuses its storage, as in a private window. */
export function VaultUnavailable({ message, madeWhere }: { message: string; madeWhere: string }) {
  return (
    <Notice
      kind="error"
      title="This browser does not give out what it keeps."
      lost={message}
      todo={`Open this page in an ordinary window, ${madeWhere}`}
    />
  );
}
