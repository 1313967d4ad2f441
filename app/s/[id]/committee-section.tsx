import { DataTable } from '#app/ui/data-table.tsx';
import { KeyFingerprint } from '#app/ui/key-fingerprint.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { Section } from '#app/ui/page-parts.tsx';
import { PersonName } from '#app/ui/person-name.tsx';
import type { CommitteeMember } from '#lib/server/statements/committee.ts';
import type { StatementView } from '#lib/server/statements/get-view.ts';
import css from './statement.module.css';
import { describeTrustee, faultWords } from './trustee-words.ts';

/** Who holds the key, how each of them stands, and who broke the rules. */
export function CommitteeSection({ view, trialCommittee }: { view: StatementView; trialCommittee: boolean }) {
  const { threshold, trustees } = view.statement.committee;
  const culprits = view.committee.filter((member) => member.fault !== undefined);
  return (
    <Section title="Trustees">
      {trialCommittee && (
        <Notice
          kind="warning"
          title={`All ${trustees.length} trustees run on this one machine, for trial only.`}
          todo="Whoever controls it can open every seal. Sign nothing here that could hurt you."
        />
      )}
      <p>
        {`Each holds a share of the key of this statement. Any ${threshold} of the ${trustees.length} open the names; ${threshold - 1 === 1 ? 'one alone' : `${threshold - 1} of them`} cannot. Once ${trustees.length - threshold + 1} have destroyed their shares, nobody can.`}
      </p>
      {culprits.map((member) => (
        <Notice
          key={member.index}
          kind="warning"
          title={
            <>
              <PersonName name={member.name} /> <span>{`${faultWords(member.fault!)}.`}</span>
            </>
          }
        >
          {member.fault !== 'SILENT' && <p>Its own signed messages show it, so anybody can check.</p>}
        </Notice>
      ))}
      {view.committee
        .filter((member) => view.lostBy.includes(member.index))
        .map((member) => (
          <Notice
            key={`lost ${member.index}`}
            kind="warning"
            title={
              <>
                <PersonName name={member.name} /> has vouched for a part of the board that this site does not have.
              </>
            }
          >
            <p>Either the site has lost it, or the trustee says what is not so. It will vouch for nothing more of this board.</p>
          </Notice>
        ))}
      <DataTable<CommitteeMember>
        caption="The trustees of this statement"
        captionHidden
        rows={view.committee}
        rowKey={(member) => member.key}
        columns={[
          {
            heading: 'Trustee',
            cell: (member) => (
              <>
                <PersonName name={member.name} />
                <span className={css.contact}>
                  <PersonName name={member.contact} />
                </span>
              </>
            ),
          },
          { heading: 'State', cell: (member) => describeTrustee(member, view) },
          { heading: 'Recognised by', cell: (member) => describeRecognition(member, view.context.rolls.size) },
          { heading: 'Key', cell: (member) => <KeyFingerprint hex={member.key} whose="Key of the trustee" short /> },
        ]}
      />
    </Section>
  );
}

function describeRecognition(member: CommitteeMember, groups: number): string {
  const by = member.recognisedBy.length;
  if (by === groups) return groups === 1 ? 'the issuer' : 'all issuers';
  return by === 0 ? 'no issuer' : `${by} of ${groups} issuers`;
}
