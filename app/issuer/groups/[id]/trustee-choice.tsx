'use client';

import { Checkbox, Fieldset } from '#app/ui/field.tsx';
import { KeyFingerprint } from '#app/ui/key-fingerprint.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { Section } from '#app/ui/page-parts.tsx';
import { PersonName } from '#app/ui/person-name.tsx';
import { useReading } from '#app/ui/use-reading.ts';
import { anonymousApi } from '#lib/browser/anonymous-api.ts';
import { issuerStore } from '#lib/browser/issue-rolls.ts';
import { findGroup, type IssuedGroup, replaceGroup } from '#lib/issuing/issuer-file.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';

/** Which trustees the next roll recognises. The choice is kept as it is made and published with the roll. */
export function TrusteeChoice({ id, group }: { id: Hex32; group: IssuedGroup }) {
  const { value: platform, error } = useReading(() => anonymousApi.getPlatform(), []);

  async function choose(key: Hex32, chosen: boolean) {
    await issuerStore.update((issuer) => {
      const stored = findGroup(issuer, id);
      const others = stored.trustees.filter((trustee) => trustee !== key);
      return replaceGroup(issuer, id, { ...stored, trustees: chosen ? [...others, key] : others });
    });
  }

  if (error !== undefined)
    return (
      <Notice kind="error" title="This site does not say who its trustees are." todo="Load this page again before you publish a roll." />
    );
  if (!platform) return <p role="status">Asking who the trustees are …</p>;
  const unlisted = group.trustees.filter((key) => !platform.trustees.some((trustee) => trustee.key === key));
  return (
    <Section title="Trustees you recognise" id="trustees">
      <p>
        Trustees hold the key of a statement in shares: enough of them together open the names, and none alone can. Your members’ browsers
        warn loudly of a statement whose trustees you do not recognise. Choose those whom your members would trust not to conspire.
      </p>
      {platform.trial && (
        <Notice
          kind="info"
          title="All of these run on this machine, for trial."
          todo="They were chosen for you. Whoever runs the machine can open every seal."
        />
      )}
      <Fieldset legend="Recognised from the next roll on">
        {platform.trustees.map((trustee) => (
          <Checkbox
            key={trustee.key}
            label={<PersonName name={trustee.name} />}
            hint={
              <>
                <PersonName name={trustee.contact} />, key <KeyFingerprint hex={trustee.key} whose={`Key of ${trustee.name}`} short />
              </>
            }
            checked={group.trustees.includes(trustee.key)}
            onChange={(event) => void choose(trustee.key, event.target.checked)}
          />
        ))}
        {unlisted.map((key) => (
          <Checkbox
            key={key}
            label="A trustee whom this site does not suggest"
            hint={<KeyFingerprint hex={key} whose="Trustee’s key" short />}
            checked
            onChange={() => void choose(key, false)}
          />
        ))}
        {platform.trustees.length === 0 && unlisted.length === 0 && <p>This site suggests none.</p>}
      </Fieldset>
    </Section>
  );
}
