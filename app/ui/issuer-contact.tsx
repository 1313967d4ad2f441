'use client';

import { anonymousApi } from '#lib/browser/anonymous-api.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { useReading } from './use-reading.ts';

/** How to reach a group's issuer, for the error that a member has met; nothing where it has not said how. */
export function IssuerContact({ group }: { group: Hex32 }) {
  // Where it cannot be read, the error above is the one to read.
  const { value } = useReading(() => anonymousApi.getGroup(group, { most: 1 }), [group]);
  if (value?.contact === undefined) return null;
  return (
    <p>
      How to reach whoever keeps the group: <bdi translate="no">{value.contact}</bdi>
    </p>
  );
}
