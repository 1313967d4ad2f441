import { Notice } from '../ui/notice.tsx';

/** What is missing in a form, each in a sentence; nothing where nothing is. */
export function ProblemList({ problems }: { problems: readonly { text: string }[] }) {
  if (problems.length === 0) return null;
  return (
    <Notice
      kind="error"
      live
      title={problems.length === 1 ? 'One thing is missing.' : `${problems.length} things are missing.`}
      lost="What you have written is still here."
    >
      <ul>
        {problems.map((problem) => (
          <li key={problem.text}>{problem.text}</li>
        ))}
      </ul>
    </Notice>
  );
}
