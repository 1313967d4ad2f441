'use client';

import { useEffect, useState } from 'react';
import { StorageUnavailable } from '#lib/browser/database.ts';
import type { Vault } from '#lib/browser/vault.ts';
import { VaultEmptied, VaultLocked, VaultUnreadable } from '#lib/browser/vault-errors.ts';

/**
 * `unavailable`: the browser does not give out what it keeps; `message` and `todo` are sentences for the person, and `todo` is null
 * where another window helps. `unreadable`: it does, and it makes no sense. `emptied`: it was deleted while this page has it open.
 */
export type VaultView<T> =
  | { at: 'loading' }
  | { at: 'unavailable'; message: string; todo: string | null }
  | { at: 'unreadable'; stored: string }
  | { at: 'locked' }
  | { at: 'emptied' }
  | { at: 'open'; value: T | null };

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
    return { at: 'open', value: await vaultOf().read() };
  } catch (error) {
    if (error instanceof VaultLocked) return { at: 'locked' };
    if (error instanceof VaultEmptied) return { at: 'emptied' };
    if (error instanceof VaultUnreadable) return { at: 'unreadable', stored: error.stored };
    if (error instanceof StorageUnavailable) return { at: 'unavailable', message: error.message, todo: error.todo };
    return { at: 'unavailable', message: 'Something failed in this browser. Nothing was lost.', todo: 'Load this page again.' };
  }
}
