import { cache, type ReactNode } from 'react';
import { orderBySeat } from '#lib/protocol/reveal/names.ts';
import { NameList } from '../ui/name-list.tsx';
import { PersonName } from '../ui/person-name.tsx';
import css from './ring.module.css';
import { RingMotion } from './ring-motion.tsx';
import type { RingName } from './ring-names.ts';
import { RingPicture, type RingPictureProps } from './ring-picture.tsx';
import { countOfGroup, describeRing } from './ring-words.ts';

export interface RingProps extends RingPictureProps {
  /** A line under the picture, for sighted readers. */
  caption?: ReactNode;
  /** Leave the words out where the page says the same right beside the ring. */
  pictureOnly?: boolean;
}

/** Up to this many names the list stands beside the ring where there is room, above it below. */
const BESIDE = 40;

/**
 * The round robin: the picture, and beside it the same facts as a sentence and lists, for screen readers, small screens and
 * copying. Rendered on the server; what arrives later (a seal, the reveal) moves into place by itself.
 */
export function Ring({ caption, pictureOnly, ...picture }: RingProps) {
  const people = picture.names?.length ?? 0;
  return (
    <figure className={css.figure}>
      <div className={pictureOnly || people > BESIDE ? css.stacked : `${css.stacked} ${css.beside}`}>
        <RingMotion>
          <RingPicture {...picture} />
          {caption && (
            <figcaption className={css.caption} translate="yes">
              {caption}
            </figcaption>
          )}
        </RingMotion>
        {!pictureOnly && <RingList {...picture} />}
      </div>
    </figure>
  );
}

/** The signers in full, in the ring's order. */
export function RingNames({ names }: { names: readonly RingName[] }) {
  return <NameList names={inRingOrder(names)} label="Signed together" />;
}

/** The same list for every ring of a page, so that thousands of names travel with the page only once. */
const inRingOrder = cache((names: readonly RingName[]): readonly string[] => orderBySeat(names).map(({ name }) => name));

/** What the picture shows, in words. Signers stand in the ring's order, which is nobody's order of signing. */
function RingList(props: RingPictureProps) {
  const { names, groups = [], trustees = [], state } = props;
  return (
    <div className={css.words}>
      <p className={css.sentence}>{describeRing(props)}</p>
      {groups.length > 0 && (state === 'open' || state === 'mixing') && (
        <ul className={css.groups} aria-label="By group">
          {groups.map((group) => (
            <li key={group.id}>
              <PersonName name={group.label} /> <span>{countOfGroup(group)}</span>
            </li>
          ))}
        </ul>
      )}
      {names && names.length > 0 && <RingNames names={names} />}
      {trustees.length > 0 && state !== 'open' && state !== 'revealed' && (
        <ul className={css.trustees} aria-label="Trustees">
          {trustees.map((trustee) => (
            <li key={trustee.name} className={css[trustee.mark]}>
              <PersonName name={trustee.name} /> <span>{trustee.note ?? TRUSTEE_WORDS[state][trustee.mark]}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const OPENED = { done: 'has taken part', waiting: 'has not yet', failed: 'broke the rules' };
const READY = { done: 'has confirmed the key', waiting: 'not yet', failed: 'failed' };

const TRUSTEE_WORDS = {
  keying: READY,
  open: READY,
  aborted: { done: 'took part', waiting: 'did not answer in time', failed: 'broke the rules' },
  revealed: { done: 'opened the seals', waiting: 'has not opened them yet', failed: 'sent an opening that is wrong' },
  mixing: OPENED,
  unvouched: { done: 'has said what it saw', waiting: 'has not said so', failed: 'broke the rules' },
  unopened: { done: 'opened in time', waiting: 'did not open in time', failed: 'sent an opening that is wrong' },
  destroyed: { done: 'has destroyed its share', waiting: 'has not said so yet', failed: 'failed' },
};
