'use client';

import { useEffect, useRef } from 'react';
import { Button, ButtonRow } from '#app/ui/button.tsx';
import { CopyField } from '#app/ui/copy-button.tsx';
import { PersonName } from '#app/ui/person-name.tsx';
import { QrCode } from '#app/ui/qr-code.tsx';
import css from './invitations.module.css';

interface GiveInvitationProps {
  name: string;
  link: string;
  way: 1 | 5;
  onDone: () => void;
}

/** An invitation that the clerk gives now: as a code for the phone of somebody who stands there, or as a link to be sent. */
export function GiveInvitation({ name, link, way, onDone }: GiveInvitationProps) {
  const place = useRef<HTMLElement>(null);
  useEffect(() => place.current?.focus(), []);
  return (
    <section className={css.person} ref={place} tabIndex={-1} aria-label={`Invitation of ${name}`}>
      {way === 5 ? (
        <>
          <h3>
            <PersonName name={name} /> scans this
          </h3>
          <p>
            Be sure who it is, then let them scan it with a phone of their own and join there. It admits once. Nobody is written to, and
            their employer notices nothing.
          </p>
          <QrCode className={css.code} text={link} label={`Invitation of ${name}`} />
        </>
      ) : (
        <>
          <h3>
            For <PersonName name={name} />
          </h3>
          <p>Send it to the private address of this person, or on paper, and to nobody else. Whoever opens it first is admitted.</p>
          <CopyField label="Invitation" value={link} />
        </>
      )}
      <ButtonRow>
        <Button kind="secondary" onClick={onDone}>
          Put it away
        </Button>
      </ButtonRow>
    </section>
  );
}
