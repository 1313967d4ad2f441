'use client';

import { useEffect, useState } from 'react';
import { anonymousApi } from '#lib/browser/anonymous-api.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';

/** How to reach a group's issuer, for the error that a member has met; nothing where it has not said how. */
export function IssuerContact({ group }: { group: Hex32 }) {
  const [contact, setContact] = useState<string>();

  useEffect(() => {
    let current = true;
    anonymousApi.getGroup(group).then(
      (answer) => current && setContact(answer.contact),
      () => {}, // the error above is the one to read
    );
    return () => {
      current = false;
    };
  }, [group]);

  if (contact === undefined) return null;
  return (
    <p>
      How to reach whoever keeps the group: <bdi translate="no">{contact}</bdi>
    </p>
  );
}
