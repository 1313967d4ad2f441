import { quote } from '#lib/protocol/messages/quote.ts';
import type { InvitingKey } from '#lib/signing/ended-keys.ts';
import { KeyFateNotice } from '../ui/key-fate.tsx';
import { KeyFingerprint } from '../ui/key-fingerprint.tsx';
import { Notice } from '../ui/notice.tsx';

/** How the key of an invitation stands to the keys that this wallet knows. Nothing is swapped: joining adds a membership. */
export function InvitingKeyNotice({ judged }: { judged: InvitingKey }) {
  switch (judged.kind) {
    case 'ended':
      return (
        <Notice
          kind="error"
          title={
            judged.fate.revoked
              ? 'The key of this invitation was revoked: it was lost or stolen.'
              : 'The key of this invitation has been replaced by another.'
          }
          lost="You cannot join with it: no roll is published with this key any more."
          todo="Ask whoever invited you for an invitation that is made with the new key, and compare its fingerprint by another way than this site."
          code="ISSUER_KEY_ENDED"
        />
      );
    case 'successor':
      return (
        <Notice
          kind="info"
          title={`This invitation is from the issuer of ${quote(judged.of.group.name)}, with a new key.`}
          todo="The key that your wallet knows has signed that this one goes on for it. Your old membership stays as it is; joining adds one."
        />
      );
    case 'other':
      return (
        <>
          {judged.fate && <KeyFateNotice fate={judged.fate} group={judged.of.group.name} />}
          <Notice
            kind={judged.fate?.revoked ? 'warning' : 'error'}
            title={`You belong to a group called ${quote(judged.of.group.name)} already, and this invitation has another key.`}
            todo="Nothing that your wallet knows vouches for it: it may be your issuer, or somebody who poses as your issuer. Join only after you have compared the fingerprint by another way than this site."
          >
            <p>
              <span>The key that you know: </span>
              <KeyFingerprint hex={judged.of.group.issuer} whose="The key that you know" />
            </p>
          </Notice>
        </>
      );
  }
}
