import type { KeyFate } from '#lib/protocol/member/key-end.ts';
import { describeFate } from '#lib/signing/ended-keys.ts';
import { KeyFingerprint } from './key-fingerprint.tsx';
import { Notice } from './notice.tsx';

/** What became of the key of a group that somebody belongs to, in plain words, with the successor's fingerprint where there is one. */
export function KeyFateNotice({ fate, group, live }: { fate: KeyFate; group: string; live?: boolean }) {
  const { title, what, todo, loud } = describeFate(fate, group);
  return (
    <Notice kind={loud ? 'error' : 'warning'} live={live ?? false} title={title} todo={todo}>
      <p>{what}</p>
      {fate.successor && (
        <p>
          <span>The new key: </span>
          <KeyFingerprint hex={fate.successor} whose="The new key" />
        </p>
      )}
    </Notice>
  );
}
