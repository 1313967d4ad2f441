import type { Metadata } from 'next';
import { BrowserGate } from '#app/ui/browser-gate.tsx';
import { PageHead } from '#app/ui/page-parts.tsx';
import { AnswerQuestion } from './answer-question.tsx';
import { loadQuestionId } from './load-question.ts';

type Params = { params: Promise<{ id: string }> };

export const metadata: Metadata = { title: 'Prove that you are a member' };

/** Where a member answers a challenge. The server only says which; all the rest happens in the member's browser, without a session. */
export default async function QuestionPage({ params }: Params) {
  const id = await loadQuestionId((await params).id);
  return (
    <>
      <PageHead
        kicker="Somebody asks"
        title="Prove that you are a member"
        lead="You would prove that you belong to a group, and nothing more. Your name stays out of it. Your browser checks everything first."
      />
      <BrowserGate>
        <AnswerQuestion id={id} />
      </BrowserGate>
    </>
  );
}
