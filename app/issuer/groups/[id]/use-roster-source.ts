'use client';

import { useDeferredValue, useMemo, useState } from 'react';
import { findNewcomers } from '#lib/issuing/invite.ts';
import { findGroup, type Issuer } from '#lib/issuing/issuer-file.ts';
import { parseRoster } from '#lib/issuing/roster.ts';
import { decodeRoster } from '#lib/issuing/roster-file.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { type Consent, NO_CONSENT } from './roster-review.tsx';

/** A file or pasted rows, and who on them is new to a group. Nothing of it leaves the device. */
export function useRosterSource(issuer: Issuer, id: Hex32) {
  const [pasted, setPasted] = useState('');
  const [file, setFile] = useState<{ name: string; text: string } | null>(null);
  const [fileError, setFileError] = useState<string>();
  const [consent, setConsent] = useState<Consent>(NO_CONSENT);

  const text = useDeferredValue(file?.text ?? pasted);
  const { name: group, members } = findGroup(issuer, id);
  const standing = useMemo(() => members.filter((member) => !member.removed), [members]);
  const roster = useMemo(
    () => (text.trim() === '' ? null : parseRoster(text, { ...consent, group, standing })),
    [text, consent, group, standing],
  );
  const rows = useMemo(() => findNewcomers(findGroup(issuer, id), roster?.rows ?? []), [issuer, id, roster]);

  function takeFile(bytes: Uint8Array, name: string) {
    setConsent(NO_CONSENT);
    const decoded = decodeRoster(bytes);
    setFileError(decoded.ok ? undefined : decoded.detail);
    setFile(decoded.ok ? { name, text: decoded.value } : null);
    setPasted('');
  }

  function clear() {
    setPasted('');
    setFile(null);
    setConsent(NO_CONSENT);
  }

  return { roster, rows, hasFile: file !== null, fileError, takeFile, pasted, setPasted, consent, setConsent, clear };
}

export type RosterSource = ReturnType<typeof useRosterSource>;
