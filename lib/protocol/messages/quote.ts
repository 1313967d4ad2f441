import { onOneLine } from './visible-text.ts';

/** What looks like the marks with which a quotation begins or ends. */
const OPENING_MARK = /[“„‟❝〝]/gu;
const CLOSING_MARK = /[”❞〞〟"＂″]/gu;

/**
 * A name, or any text of a stranger, as it stands quoted in a sentence of ours. Marks of its own become single ones, as within
 * quotations: none ends before its end and goes on as if it were our words. It is one line, with what nobody could see written out.
 */
export function quote(text: string): string {
  return `“${onOneLine(text).replace(OPENING_MARK, '‘').replace(CLOSING_MARK, '’')}”`;
}
