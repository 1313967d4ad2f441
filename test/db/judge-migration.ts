// Which migrations programs of before survive. Whatever this does not know counts as one that they do not.

const NAME = String.raw`(?:"\w+"\.)?"\w+"`;
const whole = (pattern: string) => new RegExp(`^${pattern.replaceAll('NAME', NAME)}$`, 'is');

const SCHEMA = whole('CREATE SCHEMA "\\w+"');
const TABLE = whole('CREATE TABLE (NAME) \\((?!.*\\bINHERITS\\b).*\\)');
const INDEX = whole('CREATE (UNIQUE )?INDEX "\\w+" ON (NAME) .*');
const ALTER = whole('ALTER TABLE (NAME) (.*)');
const COLUMN = whole('ADD COLUMN "\\w+" ([^,]*)');
const STATISTICS = whole('ALTER COLUMN "\\w+" SET STATISTICS 0(, ALTER COLUMN "\\w+" SET STATISTICS 0)*');
const REFERENCE = new RegExp(`\\bREFERENCES (${NAME})`, 'i');
const RAISE = whole('COMMENT ON SCHEMA "drizzle" IS \'needs (\\d{4})\'');

/** What a migration does, statement by statement, without its comments. */
function listSteps(migration: string): string[] {
  return migration
    .replaceAll(/^\s*--.*$/gm, '')
    .split(/--> statement-breakpoint|;/)
    .map((step) => step.trim())
    .filter((step) => step !== '');
}

/** The number that a migration says a program must have from then on; null where it says none. */
export function readRaised(migration: string): number | null {
  const raised = listSteps(migration).flatMap((step) => RAISE.exec(step)?.[1] ?? []);
  return raised.length === 0 ? null : Number(raised.at(-1));
}

/**
 * The steps of a migration at which a program of before could fail: anything but new schemas, tables and indexes, columns that fill
 * themselves, and what is done to tables that the migration itself makes.
 */
export function findBreaking(migration: string): string[] {
  const steps = listSteps(migration).filter((step) => !RAISE.test(step));
  const made = new Set(steps.flatMap((step) => TABLE.exec(step)?.[1] ?? []));
  return steps.filter((step) => !isAdditive(step, (table) => made.has(table)));
}

function isAdditive(step: string, isNew: (table: string) => boolean): boolean {
  if (SCHEMA.test(step)) return true;
  if (TABLE.test(step)) return leavesOldRows(step, isNew);
  const [, unique, indexed] = INDEX.exec(step) ?? [];
  if (indexed !== undefined) return unique === undefined || isNew(indexed);
  const [, table = '', action = ''] = ALTER.exec(step) ?? [];
  if (isNew(table)) return leavesOldRows(step, isNew);
  const column = COLUMN.exec(action)?.[1];
  return STATISTICS.test(action) || (column !== undefined && fillsItself(column));
}

/** A program of before deletes rows, and knows of none that refer to them. */
function leavesOldRows(step: string, isNew: (table: string) => boolean): boolean {
  const target = REFERENCE.exec(step)?.[1];
  return target === undefined || isNew(target) || /\bON DELETE (CASCADE|SET NULL)\b/i.test(step);
}

/** A column that an insert may leave out, and that judges no row. */
function fillsItself(definition: string): boolean {
  if (/\b(UNIQUE|PRIMARY|REFERENCES|CHECK|CONSTRAINT)\b/i.test(definition)) return false;
  return !/\bNOT NULL\b/i.test(definition) || /\bDEFAULT\b/i.test(definition);
}
