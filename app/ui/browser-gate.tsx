'use client';

import { type ReactNode, useSyncExternalStore } from 'react';
import { type BrowserScope, findMissingFeatures, type Missing } from '#lib/browser/missing-features.ts';
import { CommandLine } from './command-line.tsx';
import { Notice } from './notice.tsx';

const NONE: readonly Missing[] = [];
let foundHere: readonly Missing[] | null = null;

const never = () => () => {};
const findHere = () => {
  foundHere ??= findMissingFeatures(globalThis as unknown as BrowserScope);
  return foundHere;
};

/** What needs a current browser. In any other one, what it lacks and what helps stand in its place, before something fails for a reason that nobody understands. @param keepsNothing of a page that stores nothing on the device, nor asks who is signed in */
export function BrowserGate({ children, keepsNothing = false }: { children: ReactNode; keepsNothing?: boolean }) {
  const found = useSyncExternalStore(never, findHere, () => NONE);
  const missing = found.filter(({ isStorage }) => !(isStorage && keepsNothing));
  return missing.length === 0 ? children : <MissingHere missing={missing} />;
}

function MissingHere({ missing }: { missing: readonly Missing[] }) {
  return missing.map(({ what, cure, hasCommand }) => (
    <Notice
      key={what}
      kind="error"
      title={what}
      lost="Nothing was sent, and nothing that is kept here was lost."
      todo={cure}
      action={hasCommand && <CommandLine />}
    />
  ));
}
