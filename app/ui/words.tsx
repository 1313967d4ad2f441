import { Fragment, type ReactNode } from 'react';

const QUOTED = /(“[^”]*”)/;

/**
 * A sentence of ours with names between “ and ”, as warnings and errors are made. The names are isolated, so that their direction
 * cannot rearrange the sentence, and left as they are spelt by programs that translate pages. Anything but a text stands as it is.
 */
export function Words({ children }: { children: ReactNode }) {
  if (typeof children !== 'string' || !QUOTED.test(children)) return children;
  return children.split(QUOTED).map((part, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a part of a sentence is nothing but its place
    <Fragment key={i}>{part.startsWith('“') ? <bdi translate="no">{part}</bdi> : <span>{part}</span>}</Fragment>
  ));
}
