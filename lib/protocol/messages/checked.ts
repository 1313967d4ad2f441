/** The outcome of judging something that came from outside: a value, or the stable name of what is wrong with it. */
export type Checked<T, Code extends string = string> = { ok: true; value: T } | { ok: false; code: Code; detail?: string };

export function accept<T>(value: T): { ok: true; value: T } {
  return { ok: true, value };
}

/**
 * A refusal. `code` is one of the failure names of SPEC §12.3; `detail` says where, in words for a person, and holds only
 * public values: it may be shown and logged.
 */
export function refuse<Code extends string>(code: Code, detail?: string): { ok: false; code: Code; detail?: string } {
  return detail === undefined ? { ok: false, code } : { ok: false, code, detail };
}
