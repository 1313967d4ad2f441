'use client';

import { issuerKey } from '#lib/issuing/issuer-file.ts';
import { Stack } from '../ui/page-parts.tsx';
import { ClerksSection } from './clerks-section.tsx';
import { IssuerGate } from './issuer-gate.tsx';
import { KeySection } from './key-section.tsx';
import { MyGroups } from './my-groups.tsx';
import { PasskeysSection } from './passkeys-section.tsx';
import { ProfileSection } from './profile-section.tsx';
import { SessionsSection } from './sessions-section.tsx';

/** The groups of the issuer who is signed in, and the key that signs for them. */
export function IssuerHome() {
  return (
    <IssuerGate>
      {(issuer) => (
        <Stack gap="wide">
          <MyGroups issuer={issuer} />
          {issuer.groups.length > 0 && <ProfileSection issuer={issuerKey(issuer)} />}
          <KeySection issuer={issuer} />
          <ClerksSection issuer={issuer} />
          <PasskeysSection />
          <SessionsSection />
        </Stack>
      )}
    </IssuerGate>
  );
}
