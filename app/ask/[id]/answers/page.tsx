import type { Metadata } from 'next';
import { BrowserGate } from '#app/ui/browser-gate.tsx';
import { PageHead } from '#app/ui/page-parts.tsx';
import { loadQuestionId } from '../load-question.ts';
import { ReadAnswers } from './read-answers.tsx';

type Params = { params: Promise<{ id: string }> };

export const metadata: Metadata = { title: 'Answers' };

/** Where an asker reads what members have answered. The key file stays in the asker's browser. */
export default async function AnswersPage({ params }: Params) {
  const id = await loadQuestionId((await params).id);
  return (
    <>
      <PageHead title="Answers to your question" lead="Only your key file opens them. It is read in this browser and sent nowhere." />
      <BrowserGate keepsNothing>
        <ReadAnswers id={id} />
      </BrowserGate>
    </>
  );
}
