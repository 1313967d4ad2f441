import { Fragment } from 'react';
import { stripDirections, writeOutUnseen } from '#lib/protocol/messages/visible-text.ts';

/**
 * A name (or any text a stranger wrote, on one line), isolated so that its direction cannot rearrange what stands around it, with
 * what nobody could see written out. It is attested as it is spelt: no program that translates pages may touch it.
 */
export function PersonName({ name }: { name: string }) {
  return <bdi translate="no">{stripDirections(writeOutUnseen(name).text)}</bdi>;
}

/** Names in a line, with commas between them. */
export function NamesInLine({ names }: { names: readonly string[] }) {
  return names.map((name, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: two may have one name, and nothing else of them stands here
    <Fragment key={i}>
      <PersonName name={name} />
      <span>{i < names.length - 1 && ', '}</span>
    </Fragment>
  ));
}
