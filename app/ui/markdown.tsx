import ReactMarkdown, { type Components } from 'react-markdown';
import css from './markdown.module.css';

const ALLOWED = [
  'p',
  'br',
  'em',
  'strong',
  'del',
  'blockquote',
  'ul',
  'ol',
  'li',
  'a',
  'code',
  'pre',
  'hr',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'img',
];

/** Only what leads to a page or a mailbox; everything else stays text without a link. */
function keepSafeUrl(url: string): string {
  return /^(https?:|mailto:)/i.test(url) ? url : '';
}

const components: Components = {
  // The page's own title is the h1 and the sections beside the text are h2, so a text's headings begin below.
  h1: ({ children }) => <h3>{children}</h3>,
  h2: ({ children }) => <h3>{children}</h3>,
  h3: ({ children }) => <h4>{children}</h4>,
  h4: ({ children }) => <h4>{children}</h4>,
  h5: ({ children }) => <h4>{children}</h4>,
  h6: ({ children }) => <h4>{children}</h4>,
  a: ({ href, children }) =>
    href ? (
      <a href={href} rel="noreferrer noopener nofollow">
        {children}
        {children !== href && <span className={css.host}> ({placeOf(href)})</span>}
      </a>
    ) : (
      <span>{children}</span>
    ),
  img: ({ alt, src }) => (
    <span className={css.host}>
      [picture not shown{alt ? `: ${alt}` : ''}, {String(src)}]
    </span>
  ),
};

/** Where a link leads, so that its words cannot say otherwise. */
function placeOf(url: string): string {
  if (!URL.canParse(url)) return url;
  const { host, pathname } = new URL(url);
  return host || pathname;
}

interface MarkdownProps {
  text: string;
  /** BCP 47 tag of the text's language, where the statement names it. */
  lang?: string;
}

/**
 * A text that a stranger wrote, set as a letter. Markdown without HTML, images or any address that loads something. What is not
 * rendered is shown as it was written, since readers sign the whole text; direction follows each paragraph's own first letter.
 */
export function Markdown({ text, lang }: MarkdownProps) {
  return (
    <div className={css.letter} lang={lang}>
      <ReactMarkdown allowedElements={ALLOWED} unwrapDisallowed urlTransform={keepSafeUrl} components={components}>
        {text}
      </ReactMarkdown>
    </div>
  );
}
