import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findBreaking, readRaised } from './judge-migration.ts';

/** From here on an older program may be at work while a migration runs. */
const FIRST_ROLLING = 13;

const NEW_TABLE = 'CREATE TABLE "board"."notes" (\n\t"id" "bytea" PRIMARY KEY NOT NULL,\n\t"text" text\n);';
const ADDITIVE = [
  'CREATE SCHEMA "notes";',
  NEW_TABLE,
  'ALTER TABLE "board"."statements" ADD COLUMN "put_back" text;',
  'ALTER TABLE "membership"."issuers" ADD COLUMN "since" bigint DEFAULT extract(epoch from current_date)::bigint NOT NULL;',
  'CREATE INDEX "notes_text" ON "board"."statements" USING btree ("put_back");',
  'ALTER TABLE "board"."waves" ALTER COLUMN "body" SET STATISTICS 0, ALTER COLUMN "wave" SET STATISTICS 0;',
  `${NEW_TABLE}--> statement-breakpoint\nCREATE UNIQUE INDEX "notes_once" ON "board"."notes" USING btree ("text");`,
  `${NEW_TABLE}--> statement-breakpoint\nALTER TABLE "board"."notes" ADD CONSTRAINT "notes_text" CHECK ("board"."notes"."text" <> '');`,
  'CREATE TABLE "notes" (\n\t"id" "bytea" REFERENCES "board"."statements"("id") ON DELETE cascade\n);',
];
const BREAKING = [
  'DROP TABLE "board"."waves";',
  'DROP INDEX "membership"."sessions_issuer";',
  'ALTER TABLE "board"."waves" RENAME TO "turns";',
  'ALTER TABLE "board"."waves" RENAME COLUMN "body" TO "text";',
  'ALTER TABLE "board"."waves" DROP COLUMN "body";',
  'ALTER TABLE "board"."waves" ALTER COLUMN "body" SET DATA TYPE jsonb;',
  'ALTER TABLE "board"."waves" ALTER COLUMN "body" SET NOT NULL;',
  'ALTER TABLE "board"."waves" ALTER COLUMN "body" DROP DEFAULT;',
  'ALTER TABLE "membership"."sessions" ADD COLUMN "started_at" bigint NOT NULL;',
  'ALTER TABLE "membership"."sessions" ADD COLUMN "name" text UNIQUE;',
  'ALTER TABLE "membership"."sessions" ADD COLUMN "name" text, DROP COLUMN "issuer";',
  'ALTER TABLE "board"."waves" ADD CONSTRAINT "waves_size" CHECK (octet_length("body") < 9);',
  'CREATE UNIQUE INDEX "waves_once" ON "board"."waves" USING btree ("body");',
  'CREATE TABLE "notes" (\n\t"id" "bytea" REFERENCES "board"."statements"("id") ON DELETE no action\n);',
  'CREATE TABLE "notes" ("a" text) INHERITS ("board"."waves");',
  'CREATE TRIGGER "t" BEFORE INSERT ON "board"."entries" FOR EACH ROW EXECUTE FUNCTION "f"();',
  'DELETE FROM "membership"."sessions";',
  'UPDATE "board"."waves" SET "body" = \'\';',
  'CREATE INDEX "i" ON "board"."waves" ("body"); DROP TABLE "board"."waves";',
];

describe('a migration', () => {
  it('is one that older programs survive if it only adds what they need not know', () => {
    for (const migration of ADDITIVE) expect([migration, findBreaking(migration)]).toEqual([migration, []]);
  });

  it('is one that they do not if it takes away, renames, retypes or judges anything of theirs', () => {
    for (const migration of BREAKING) expect([migration, findBreaking(migration).length]).toEqual([migration, 1]);
  });

  it(`from number ${FIRST_ROLLING} on says that they need it if they would not survive it, and no other number`, () => {
    const files = globSync('db/migrations/*.sql').sort();
    expect(files.length).toBeGreaterThanOrEqual(FIRST_ROLLING);
    for (const [number, file] of files.entries()) {
      const text = readFileSync(file, 'utf8');
      expect(path.basename(file).slice(0, 4)).toBe(String(number).padStart(4, '0'));
      if (number >= FIRST_ROLLING && findBreaking(text).length > 0) expect([file, readRaised(text)]).toEqual([file, number]);
      else expect([file, [null, number]]).toEqual([file, expect.arrayContaining([readRaised(text)])]);
    }
  });

  it('tells breaking ones among those of the time before', () => {
    const broke = globSync('db/migrations/*.sql').filter((file) => findBreaking(readFileSync(file, 'utf8')).length > 0);
    expect(broke.map((file) => path.basename(file)).sort()).toEqual(expect.arrayContaining(['0004_accounts.sql', '0005_clerks.sql']));
  });
});
