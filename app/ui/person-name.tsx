import { stripDirections } from '#lib/protocol/messages/visible-text.ts';

/** A name (or any text a stranger wrote, on one line), isolated so that its direction cannot rearrange what stands around it. */
export function PersonName({ name }: { name: string }) {
  return <bdi>{stripDirections(name)}</bdi>;
}
