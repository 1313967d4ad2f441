import Link from 'next/link';
import { type EndedKey, fateOf } from '#lib/protocol/member/key-end.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { KeyFingerprint } from './key-fingerprint.tsx';
import { Notice } from './notice.tsx';
import { Time } from './time.tsx';

/** For everybody who looks at a group or an issuer: that its key has ended, when, how, and what follows from it. */
export function EndedKeyBanner({ issuer, end }: { issuer: Hex32; end: EndedKey }) {
  const fate = fateOf(issuer, [end]);
  if (!fate) return null;
  if (fate.revoked)
    return (
      <Notice
        kind="error"
        title="This key was lost or stolen, and is revoked."
        todo="Nothing new is published with it. Statements that are open keep the rolls that it signed before; whoever has it may have had it then."
      >
        <p>
          <Time at={fate.revoked.time} detail="day" />
          <span>
            {fate.revoked.isSigned
              ? ', signed by the key itself.'
              : ', on the word of the account that keeps its groups; the key has not signed it.'}
          </span>
        </p>
      </Notice>
    );
  return (
    <Notice
      kind="warning"
      title="This key has been replaced."
      todo="Nothing new is published with it. Members need an invitation that is made with the new key."
    >
      <p>
        <span>It signed on </span>
        <Time at={fate.time} detail="day" />
        <span> that another goes on for it: </span>
        {fate.successor && (
          <Link prefetch={false} href={`/issuers/${fate.successor}`}>
            <KeyFingerprint hex={fate.successor} whose="The new key" short />
          </Link>
        )}
      </p>
    </Notice>
  );
}
