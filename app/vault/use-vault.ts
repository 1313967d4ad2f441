'use client';

import { useEffect, useState } from 'react';
import { StorageUnavailable } from '#lib/browser/database.ts';
import { type Vault, VaultLocked } from '#lib/browser/vault.ts';

/** `unavailable`: the browser keeps nothing for this site, or what it kept cannot be read; `message` and `todo` are sentences for the person. */
export type VaultView<T> =
  | { at: 'loading' }
  | { at: 'unavailable'; message: string; todo: string | null }
  | { at: 'locked' }
  | { at: 'open'; value: T | null; hasPassphrase: boolean };

/** What a vault of this browser holds, kept up to date while the page is shown; other tabs may change it too. */
export function useVault<T>(vaultOf: () => Vault<T>): VaultView<T> {
  const [view, setView] = useState<VaultView<T>>({ at: 'loading' });

  useEffect(() => {
    let current = true;
    const show = () =>
      void readVault(vaultOf).then((next) => {
        if (current) setView(next);
      });
    show();
    const stop = vaultOf().onChange(show);
    return () => {
      current = false;
      stop();
    };
  }, [vaultOf]);

  return view;
}

async function readVault<T>(vaultOf: () => Vault<T>): Promise<VaultView<T>> {
  try {
    const vault = vaultOf();
    return { at: 'open', value: await vault.read(), hasPassphrase: await vault.hasPassphrase() };
  } catch (error) {
    if (error instanceof VaultLocked) return { at: 'locked' };
    const message = error instanceof Error ? error.message : 'This browser does not keep anything for this site.';
    return { at: 'unavailable', message, todo: error instanceof StorageUnavailable ? error.todo : null };
  }
}
