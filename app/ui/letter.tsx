import { Fragment, type ReactNode } from 'react';
import { RingNames } from '../ring/ring.tsx';
import { ONE_RING } from '../ring/ring-geometry.ts';
import { areLegible } from '../ring/ring-names.ts';
import { RingPicture, type RingPictureProps } from '../ring/ring-picture.tsx';
import css from './letter.module.css';
import { PersonName } from './person-name.tsx';
import { QrCode } from './qr-code.tsx';

interface LetterProps {
  title: string;
  /** The text, as `Markdown`. */
  text: ReactNode;
  ring: RingPictureProps;
  /** How it stands, in a sentence or two. */
  standing: ReactNode;
  /** What somebody who checks it compares: each hash in hex with what it is of. */
  hashes: readonly { of: string; hex: string }[];
  /** Where anybody can check the record, in full. */
  checkUrl: string;
  /** Where the record itself can be had, in full. */
  recordUrl: string;
}

/**
 * The whole on A4 to hang on a wall: title, text, the ring, and how to check it; then the names in full, where the ring has no
 * room for all or for the whole of one. On screens it does not appear; printing the page gives it.
 */
export function Letter({ title, text, ring, standing, hashes, checkUrl, recordUrl }: LetterProps) {
  const names = ring.names ?? [];
  const isCrowded = names.length > ONE_RING;
  return (
    <article className={css.letter} data-print="only" aria-hidden="true">
      <p className={css.title}>
        <PersonName name={title} />
      </p>
      <div>{text}</div>
      <figure className={isCrowded ? `${css.ring} ${css.crowded}` : css.ring}>
        <div translate="no">
          <RingPicture {...ring} />
        </div>
        <figcaption>{standing}</figcaption>
      </figure>
      {!isCrowded && !areLegible(names) && (
        <div className={css.names}>
          <RingNames names={names} />
        </div>
      )}
      <footer className={css.foot}>
        <QrCode className={css.code} text={checkUrl} label="The address below" />
        <div>
          <p>Anybody can check this letter:</p>
          <p className={css.address}>
            <Address url={checkUrl} />
          </p>
          {hashes.map(({ of, hex }) => (
            <p key={hex}>
              <span>{of}</span>
              <br />
              <code translate="no">{hex}</code>
            </p>
          ))}
        </div>
      </footer>
      {isCrowded && (
        <div className={`${css.names} ${css.apart}`}>
          <RingNames names={names} />
          <p className={css.source}>
            Every name also stands in the record: <Address url={recordUrl} />
          </p>
        </div>
      )}
    </article>
  );
}

/** An address that breaks between its parts, for whoever has to type it. */
function Address({ url }: { url: string }) {
  return (
    <span translate="no">
      {url.split(/(?<=\/)(?=[^/])/).map((part) => (
        <Fragment key={part}>
          {part}
          <wbr />
        </Fragment>
      ))}
    </span>
  );
}
