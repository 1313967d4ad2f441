import type { Platform } from '#lib/api/shapes.ts';
import type { Draft, DraftField } from './draft.ts';

/** What every part of the form is given. */
export interface DraftFieldsProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  /** What is wrong with a field, once the author has asked to go on. */
  problemOf: (field: DraftField) => string | undefined;
  platform: Platform;
}
