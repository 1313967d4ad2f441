import Link from 'next/link';
import { ButtonLink, ButtonRow } from '#app/ui/button.tsx';
import { FactList } from '#app/ui/fact-list.tsx';
import { KeyFingerprint } from '#app/ui/key-fingerprint.tsx';
import { Section } from '#app/ui/page-parts.tsx';
import { Time } from '#app/ui/time.tsx';
import { countOf, groupDigits } from '#lib/protocol/messages/count-of.ts';
import type { StatementView } from '#lib/server/statements/get-view.ts';
import { canSign } from './present-statement.ts';

const MOST_WAVES_SHOWN = 4;

/** How anybody can check all of this without believing the page. */
export function CheckSection({ view }: { view: StatementView }) {
  const { head, lastTime, final } = view.checkpoints;
  return (
    <Section title="Check it yourself">
      <p>
        The record holds everything: the statement, the members’ rolls, every proof, every message of the trustees. Your browser can check
        all of it, and so can a program on your own computer that never asks this site.
      </p>
      <ButtonRow>
        <ButtonLink kind="secondary" href={`/s/${view.id}/check`}>
          Check the record
        </ButtonLink>
        <ButtonLink kind="secondary" href={`/api/anonymous/statements/${view.id}/record`} prefetch={false} download>
          Download the record
        </ButtonLink>
      </ButtonRow>
      <p>
        Did you sign?{' '}
        <Link href={`/s/${view.id}/receipt`}>
          {canSign(view) ? 'See whether your signature is on the board, or take it back' : 'See whether your signature is on the board'}
        </Link>
      </p>
      <details>
        <summary>Hashes and checkpoints</summary>
        <FactList
          facts={[
            { term: 'Hash of the statement', value: <KeyFingerprint hex={view.id} whose="Hash of the statement" /> },
            {
              term: 'Board',
              value: lastTime ? (
                <>
                  <span>{`${countOf(head, 'checkpoint', 'checkpoints')}, ${groupDigits(final)} of them final; the last at `}</span>
                  <Time at={lastTime} />
                </>
              ) : (
                'nothing on it yet'
              ),
            },
            ...view.waves.slice(0, MOST_WAVES_SHOWN).map((wave) => ({
              key: wave.content,
              term: view.waves.length > 1 ? `Wave ${wave.number}` : 'The wave of names',
              value: <KeyFingerprint hex={wave.content} whose="Hash of the wave" />,
            })),
            ...(view.waves.length > MOST_WAVES_SHOWN
              ? [{ term: 'Further waves', value: `${groupDigits(view.waves.length - MOST_WAVES_SHOWN)}; the record has their hashes` }]
              : []),
            {
              term: 'Proving key',
              value: (
                <>
                  <KeyFingerprint hex={view.proving.verificationKey} whose="Hash of the proving key" />
                  <div>
                    {view.proving.setup === 'dev'
                      ? 'A development key: whoever made it could forge signatures.'
                      : `From a ceremony of ${view.proving.contributors}: forging needs all of them together.`}
                  </div>
                </>
              ),
            },
          ]}
        />
      </details>
    </Section>
  );
}
