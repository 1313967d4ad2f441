'use client';

import { LongList } from './long-list.tsx';
import css from './name-list.module.css';
import { PersonName } from './person-name.tsx';

/** Up to this many names stand in one column of large type. */
const FEW = 12;

/** People by their names, each isolated in its direction; `label` says who they are. */
export function NameList({ names, label }: { names: readonly string[]; label: string }) {
  return (
    <LongList items={names} textOf={itself} find="Find a name" one="name" many="names">
      {(shown) => (
        <ul className={names.length > FEW ? `${css.names} ${css.many}` : css.names} aria-label={label}>
          {shown.map((name, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two people may have one name, and nothing else of them stands here
            <li key={i}>
              <PersonName name={name} />
            </li>
          ))}
        </ul>
      )}
    </LongList>
  );
}

function itself(name: string): string {
  return name;
}
