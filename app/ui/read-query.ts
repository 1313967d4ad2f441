import { notFound } from 'next/navigation';
import { LONGEST_SEARCH } from '#lib/api/shapes.ts';
import { AppError } from '#lib/server/errors.ts';

/** What the address of a page asks for by one name; nothing where it is empty or stands there twice. */
export function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** What is looked for, as far as it is: a longer text that was pasted finds what its beginning finds. */
export function readSearch(value: string | string[] | undefined): { search: string | undefined; isCut: boolean } {
  const search = single(value)?.trim();
  return { search: search?.slice(0, LONGEST_SEARCH).toWellFormed() || undefined, isCut: (search?.length ?? 0) > LONGEST_SEARCH };
}

/** Leads to the page for unknown addresses where a list refuses what it was asked. */
export function orNotFound(error: unknown): never {
  if (error instanceof AppError) notFound();
  throw error;
}
