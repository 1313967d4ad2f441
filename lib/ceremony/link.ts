/** The outcome of checking one link of a ceremony. `unchecked` means that it rests on a link that is broken. */
export interface Link {
  /** What was checked: `circuit`, `powers of tau`, `contribution 2`, … */
  readonly link: string;
  readonly state: 'ok' | 'broken' | 'unchecked';
  /** What was found, in words for a person. */
  readonly detail: string;
}

export function sound(link: string, detail: string): Link {
  return { link, state: 'ok', detail };
}

export function broken(link: string, detail: string): Link {
  return { link, state: 'broken', detail };
}

export function unchecked(link: string, because: string): Link {
  return { link, state: 'unchecked', detail: `rests on "${because}"` };
}

/** A link that is sound exactly if something holds. */
export function judge(link: string, holds: boolean, detail: string, problem: string): Link {
  return holds ? sound(link, detail) : broken(link, problem);
}
