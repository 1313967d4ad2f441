ALTER TABLE "board"."checkpoints" ADD COLUMN "segment" integer;--> statement-breakpoint
-- Checkpoints that are there already are cut by the rule for new ones: a segment ends with the 1,000th entry or the 200th checkpoint.
WITH RECURSIVE "walk" AS (
	SELECT "statement", "number", "number" AS "segment", octet_length("entries") / 32 AS "held" FROM "board"."checkpoints" WHERE "number" = 1
	UNION ALL
	SELECT "next"."statement", "next"."number",
		CASE WHEN "full" THEN "next"."number" ELSE "walk"."segment" END,
		CASE WHEN "full" THEN 0 ELSE "walk"."held" END + octet_length("next"."entries") / 32
	FROM "walk"
	CROSS JOIN LATERAL (SELECT "walk"."held" >= 1000 OR "walk"."number" - "walk"."segment" + 1 >= 200 AS "full") AS "judged"
	JOIN "board"."checkpoints" AS "next" ON "next"."statement" = "walk"."statement" AND "next"."number" = "walk"."number" + 1
)
UPDATE "board"."checkpoints" SET "segment" = "walk"."segment" FROM "walk"
WHERE "checkpoints"."statement" = "walk"."statement" AND "checkpoints"."number" = "walk"."number";--> statement-breakpoint
ALTER TABLE "board"."checkpoints" ALTER COLUMN "segment" SET NOT NULL;--> statement-breakpoint
CREATE INDEX "checkpoints_segments" ON "board"."checkpoints" USING btree ("statement","number") WHERE "board"."checkpoints"."number" = "board"."checkpoints"."segment";--> statement-breakpoint
ALTER TABLE "board"."checkpoints" ADD CONSTRAINT "checkpoints_hash" UNIQUE("statement","hash");--> statement-breakpoint
ALTER TABLE "board"."checkpoints" ADD CONSTRAINT "checkpoints_segment" CHECK ("board"."checkpoints"."segment" between 1 and "board"."checkpoints"."number");
