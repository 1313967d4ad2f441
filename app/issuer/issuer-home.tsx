'use client';

import { useState } from 'react';
import { issuerKey } from '#lib/issuing/issuer-file.ts';
import { Stack } from '../ui/page-parts.tsx';
import { ClerksSection } from './clerks-section.tsx';
import { IssuerGate } from './issuer-gate.tsx';
import { KeySection } from './key-section.tsx';
import { LostKey } from './lost-key.tsx';
import { MyGroups } from './my-groups.tsx';
import { PasskeysSection } from './passkeys-section.tsx';
import { ProfileSection } from './profile-section.tsx';
import { SessionsSection } from './sessions-section.tsx';

/** The groups of the issuer who is signed in, and the key that signs for them. */
export function IssuerHome() {
  // Counts the keys that were ended here: the groups are then others, and asked for anew.
  const [ends, setEnds] = useState(0);
  return (
    <IssuerGate>
      {(issuer) => (
        <Stack gap="wide">
          <MyGroups key={ends} issuer={issuer} />
          {issuer.groups.length > 0 && <ProfileSection issuer={issuerKey(issuer)} />}
          <KeySection issuer={issuer} />
          <LostKey issuer={issuer} onEnded={() => setEnds((before) => before + 1)} />
          <ClerksSection issuer={issuer} />
          <PasskeysSection />
          <SessionsSection />
        </Stack>
      )}
    </IssuerGate>
  );
}
