/**
 * The text of a Subject, decoded (RFC 2047) and with its spaces taken as one each. Only what can hold common words is decoded: ASCII
 * and UTF-8, in either encoding. Whatever else stands there stays as it is, and is no word.
 */
export function readSubject(value: string): string {
  const joined = value.replace(/(\?=)[ \t]+(?==\?)/g, '$1');
  const decoded = joined.replace(/=\?(utf-8|us-ascii)\?([bq])\?([!-~]{0,400}?)\?=/gi, (word, _charset, encoding: string, text: string) => {
    const bytes = encoding.toLowerCase() === 'b' ? readBase64(text) : readQuoted(text);
    return bytes === null ? word : bytes.toString('utf8');
  });
  return decoded.replace(/[ \t]+/g, ' ').trim();
}

function readBase64(text: string): Buffer | null {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? Buffer.from(text, 'base64') : null;
}

function readQuoted(text: string): Buffer | null {
  if (/=(?![0-9A-Fa-f]{2})/.test(text)) return null;
  const plain = text.replaceAll('_', ' ').replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(plain, 'latin1');
}
