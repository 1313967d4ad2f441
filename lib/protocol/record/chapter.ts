// SPEC §12.2: what a chapter of a record is
import type { z } from 'zod';
import type { Reading } from './reading.ts';
import type { Step } from './report.ts';

/** What sorts lines of one rank; null where their order is checked with their content. */
export type Place = readonly (number | string)[] | null;

/** What is done with a line of the right shape. */
export type Read<T> = (reading: Reading, value: T) => void | Promise<void>;

/** A type of line: its shape, what it is counted as, what sorts it among others of its rank, and what is done with it. */
export type LineRow = {
  type: string;
  shape: z.ZodType;
  step: Step;
  place: (value: never) => Place;
  read: Read<never>;
  /** Whether its reading counts what it checked, instead of one for the line. */
  countsItself: boolean;
};

/** `needs`: what must have been good before, or its lines cannot be judged. */
export type Chapter = {
  needs: 'nothing' | 'statement' | 'key';
  /** The ranks of the chapter in their order, each with the types of its lines. */
  lines: readonly (readonly LineRow[])[];
  /** Whether it may begin again with its first rank. */
  repeats?: boolean;
  /** What is judged when all its lines have been read. */
  close?: (reading: Reading) => void | Promise<void>;
};
