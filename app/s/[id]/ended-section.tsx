import Link from 'next/link';
import { FactList } from '#app/ui/fact-list.tsx';
import { KeyFingerprint } from '#app/ui/key-fingerprint.tsx';
import { Section } from '#app/ui/page-parts.tsx';
import { NamesInLine, PersonName } from '#app/ui/person-name.tsx';
import { Time } from '#app/ui/time.tsx';
import { countOf, groupDigits } from '#lib/protocol/messages/count-of.ts';
import { destroyedNeeded } from '#lib/protocol/reveal/destruction.ts';
import type { RecordSeal } from '#lib/server/statements/find-seal.ts';
import type { StatementView } from '#lib/server/statements/get-view.ts';
import { countGroups } from './present-statement.ts';

/** Once a statement has ended without its names: what of that can be shown to anybody, and what nobody can show. */
export function EndedSection({ view, seal }: { view: StatementView; seal: RecordSeal | null }) {
  if (view.state !== 'destroyed' && view.state !== 'unopened' && view.state !== 'unvouched') return null;
  const { head, lastTime, final } = view.checkpoints;
  const said = view.committee.filter(({ index }) => view.destroyedBy.includes(index)).map(({ name }) => name);
  return (
    <Section title="What can be shown of the end">
      <FactList
        facts={[
          {
            term: 'Destroyed their shares',
            value: (
              <>
                <span>{`${describeDestroyed(view)} `}</span>
                <NamesInLine names={said} />
              </>
            ),
          },
          {
            term: 'The lists',
            value: lastTime ? (
              <>
                <span>{`${countOf(head, 'signed checkpoint', 'signed checkpoints')} of salted hashes, ${groupDigits(final)} of them vouched for; the last of `}</span>
                <Time at={lastTime} />
              </>
            ) : (
              'nothing was ever published'
            ),
          },
          {
            term: 'Signatures at the end',
            value: countGroups(view).map(({ id, name, signed, size }) => (
              <div key={id}>
                <PersonName name={name} /> <span>{`${groupDigits(signed)} of ${groupDigits(size)}`}</span>
              </div>
            )),
          },
          { term: 'Hash of the statement', value: <KeyFingerprint hex={view.id} whose="Hash of the statement" /> },
          ...(seal ? [{ term: 'Hash of the record', value: <KeyFingerprint hex={seal.hash} whose="Hash of the record" /> }] : []),
        ]}
      />
      <p>
        All of it is signed and stands in the record, which <Link href={`/s/${view.id}/check`}>anybody can check</Link>. It names nobody,
        and a device that is taken from its owner matches nothing in it.
      </p>
      <h3>What nobody can show</h3>
      <ul>
        <li>
          {`That a trustee has kept no copy of its share. ${destroyedNeeded(view)} honest ones are enough, and then nothing can ever be opened.`}
        </li>
        <li>That site and trustees have erased the sealed entries: that, too, is their word.</li>
        <li>{`Who signed. Nor that the counts are true: ${view.statement.committee.threshold} or more trustees vouch for them.`}</li>
        <li>
          That nobody was turned away. Who holds a receipt for what is not on the board can show that; without one it is one word against
          another.
        </li>
      </ul>
      <p>
        It can be tried again with another text or condition:{' '}
        <Link href={`/new?revises=${view.id}`} prefetch={false}>
          write a revised statement
        </Link>
        . This page will not name it, so nobody sees here that somebody tries.
      </p>
    </Section>
  );
}

function describeDestroyed(view: Pick<StatementView, 'statement' | 'destroyedBy'>): string {
  const { statement, destroyedBy } = view;
  const { trustees } = statement.committee;
  const enough = destroyedBy.length >= destroyedNeeded(view) ? 'as many as it takes' : 'too few to vouch for the end so far';
  return `${destroyedBy.length} of ${trustees.length} trustees have signed that they did, ${enough}${destroyedBy.length > 0 ? ':' : '.'}`;
}
