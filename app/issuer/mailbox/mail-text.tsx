import { Fragment } from 'react';

/** The text of a mail, line by line, with its links. */
export function MailText({ text }: { text: string }) {
  const paragraphs = text.trim().split('\n\n');
  return paragraphs.map((paragraph) => (
    <p key={paragraph}>
      {paragraph.split('\n').map((line, i) => (
        <Fragment key={line}>
          {i > 0 && <br />}
          {/^https?:\/\/\S+$/.test(line) ? <a href={line}>{line}</a> : line}
        </Fragment>
      ))}
    </p>
  ));
}
