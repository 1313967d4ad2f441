import { PersonName } from '../ui/person-name.tsx';
import css from './attestation.module.css';

/** The sentence that decides whether somebody joins or signs, with their attested name as it would stand in the ring. */
export function AttestedDetails({ name, plain, subject = 'a statement you sign' }: { name: string; plain?: boolean; subject?: string }) {
  return (
    <figure className={plain ? css.plain : css.attestation}>
      <figcaption>{`If ${subject} is revealed, the public will read:`}</figcaption>
      <blockquote>
        <PersonName name={name} />
      </blockquote>
    </figure>
  );
}
