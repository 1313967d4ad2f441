import type { Statement } from '#lib/protocol/statement/statement.ts';
import { describeFurtherTexts } from '#lib/signing/further-texts.ts';
import { FoldedText } from './folded-text.tsx';

interface FurtherTextsProps {
  /** Those beside the first. */
  texts: Statement['text'];
  /** Whether they stand open from the start, as where somebody is about to sign them; otherwise each is closed until somebody wants it. */
  isOpen?: boolean;
  className?: string | undefined;
}

/** The texts of a statement that are signed like the first one, and that they are. */
export function FurtherTexts({ texts, isOpen = false, className }: FurtherTextsProps) {
  const told = describeFurtherTexts(texts.length);
  if (told === null) return null;
  return (
    <>
      <p className={className}>{told}</p>
      {texts.map((text) => (
        <FoldedText key={text.language} text={text} isOpen={isOpen} className={className} />
      ))}
    </>
  );
}
