/** The text of a mail, line by line, with its links. */
export function MailText({ text }: { text: string }) {
  return text
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => <p key={line}>{/^https?:\/\/\S+$/.test(line) ? <a href={line}>{line}</a> : line}</p>);
}
