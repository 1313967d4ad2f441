import type { Checked } from '#lib/protocol/messages/checked.ts';

/** The value of what must have passed. @throws Error with code and detail of the refusal */
export function need<T>(checked: Checked<T>): T {
  if (checked.ok) return checked.value;
  throw new Error(checked.detail ? `${checked.detail} [${checked.code}]` : checked.code);
}
