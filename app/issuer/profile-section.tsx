'use client';

import { type FormEvent, useState } from 'react';
import { domainPlaces, domainProof, type IssuerProfile } from '#lib/api/issuer-profile.ts';
import { issuerApi } from '#lib/browser/issue-rolls.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { Button, ButtonLink, ButtonRow } from '../ui/button.tsx';
import { CopyField } from '../ui/copy-button.tsx';
import { FormStack, TextArea, TextInput } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { Section } from '../ui/page-parts.tsx';
import { useReading } from '../ui/use-reading.ts';
import { describeIssuerFailure, type IssuerFailure } from './issuer-failure.ts';

const EMPTY: IssuerProfile = { name: '', about: '', contact: '', domain: '' };

/** What the issuer of a key says of itself on its public page. Shown once there is a group of this key. */
export function ProfileSection({ issuer }: { issuer: Hex32 }) {
  const { value: kept, error, isReading } = useReading((signal) => issuerApi.getProfile(issuer, { signal }), [issuer]);
  return (
    <Section title="Your public page" id="profile">
      <p>Members look here for whose word stands behind their names, and whom to ask. Everybody can read it.</p>
      {isReading ? (
        <p role="status">One moment …</p>
      ) : error === undefined ? (
        <ProfileForm issuer={issuer} kept={kept ?? EMPTY} />
      ) : (
        <Notice kind="error" live {...describeIssuerFailure(error)} />
      )}
    </Section>
  );
}

function ProfileForm({ issuer, kept }: { issuer: Hex32; kept: IssuerProfile }) {
  const [profile, setProfile] = useState(kept);
  const [state, setState] = useState<'ready' | 'busy' | 'saved'>('ready');
  const [failure, setFailure] = useState<IssuerFailure | null>(null);

  async function save(event: FormEvent) {
    event.preventDefault();
    setFailure(null);
    setState('busy');
    try {
      await issuerApi.saveProfile(issuer, tidy(profile));
      setState('saved');
    } catch (error) {
      setFailure(describeIssuerFailure(error));
      setState('ready');
    }
  }

  const change = (part: Partial<IssuerProfile>) => {
    setProfile({ ...profile, ...part });
    setState('ready');
  };
  const { domain } = tidy(profile);
  return (
    <FormStack onSubmit={(event) => void save(event)}>
      <TextInput label="Name" required value={profile.name} onChange={(event) => change({ name: event.target.value })} />
      <TextArea
        label="Who you are"
        hint="A few sentences, as plain text."
        maxLength={2_000}
        value={profile.about}
        onChange={(event) => change({ about: event.target.value })}
      />
      <TextInput
        label="Contact for members"
        hint="One line, for example an e-mail address. It stands on every error that a member meets."
        required
        maxLength={200}
        value={profile.contact}
        onChange={(event) => change({ contact: event.target.value })}
      />
      <TextInput
        label="Domain"
        hint="Like union.example, if you have one. It is looked at every day."
        value={profile.domain}
        onChange={(event) => change({ domain: event.target.value })}
      />
      {domain !== '' && (
        <>
          <p>
            Prove that it is yours in one of two ways: a TXT record of <code translate="no">{domainPlaces(domain).record}</code>, or the
            file <code translate="no">{domainPlaces(domain).file}</code>, with this line:
          </p>
          <CopyField label="Line of proof" value={domainProof(issuer)} />
        </>
      )}
      {failure && <Notice kind="error" live {...failure} />}
      {state === 'saved' && <Notice kind="info" live title="Saved. A domain is looked at within a minute." />}
      <ButtonRow>
        <Button type="submit" busy={state === 'busy'}>
          Save
        </Button>
        <ButtonLink prefetch={false} kind="secondary" href={`/issuers/${issuer}`}>
          See the page
        </ButtonLink>
      </ButtonRow>
    </FormStack>
  );
}

function tidy({ name, about, contact, domain }: IssuerProfile): IssuerProfile {
  return {
    name: name.trim().normalize('NFC'),
    about: about.trim(),
    contact: contact.trim(),
    domain: toAscii(domain.trim().toLowerCase().replace(/\.$/, '')),
  };
}

/** The spelling of a domain in ASCII, as browsers find it; what is none stays as it is, and is refused. */
function toAscii(domain: string): string {
  return URL.canParse(`https://${domain}/`) ? new URL(`https://${domain}/`).hostname : domain;
}
