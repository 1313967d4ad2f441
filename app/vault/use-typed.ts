'use client';

import { type Dispatch, type SetStateAction, useEffect, useState } from 'react';
import type { Vault } from '#lib/browser/vault.ts';

/**
 * What a person has typed and nothing has used yet, such as a passphrase or words. It goes when the vault is locked or deleted in any
 * tab, or left alone for too long. `empty` must stay the same.
 */
export function useTyped<T, S>(vault: Vault<T>, empty: S): [S, Dispatch<SetStateAction<S>>] {
  const [typed, setTyped] = useState(empty);
  useEffect(() => vault.onLock(() => setTyped(empty)), [vault, empty]);
  return [typed, setTyped];
}
