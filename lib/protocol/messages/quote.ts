import { onOneLine } from './visible-text.ts';

/** What looks like the marks with which a quotation begins or ends, of whatever script. */
const OPENING_MARK = /[“„‟❝〝⹂🙶]/gu;
const CLOSING_MARK = /[”❞〞〟"＂″‶‴‷⁗ʺˮ˝˵˶〃᳓🙷🙸]|(?<![א-ת])״|״(?![א-ת])/gu;
/** Single marks side by side, or a hair apart, look like double ones. */
const SINGLE = "[‘’‚‛'＇`´′‵ʹʻʼʽʾʿˈˊˋ׳᾽᾿ꞌ❛❜]";
const SINGLE_MARKS = new RegExp(`(${SINGLE})(?:[\\u2000-\\u200a\\u202f]*${SINGLE})+`, 'gu');

/**
 * A name, or any text of a stranger, as it stands quoted in a sentence of ours. Marks of its own become single ones, as within
 * quotations, and several in a row become one: none ends before its end and goes on as if it were our words. It is one line, with what
 * nobody could see written out.
 */
export function quote(text: string): string {
  const single = onOneLine(text).replace(OPENING_MARK, '‘').replace(CLOSING_MARK, '’');
  return `“${single.replace(SINGLE_MARKS, '$1')}”`;
}
