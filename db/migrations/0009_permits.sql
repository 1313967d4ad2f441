CREATE TABLE "board"."drafts" (
	"id" "bytea" PRIMARY KEY NOT NULL,
	"group_id" "bytea" NOT NULL,
	"body" text NOT NULL,
	"headers" text NOT NULL,
	"open_by" bigint NOT NULL,
	"week" integer NOT NULL,
	CONSTRAINT "drafts_bytes" CHECK (octet_length("board"."drafts"."id") = 32 and octet_length("board"."drafts"."group_id") = 32),
	CONSTRAINT "drafts_size" CHECK (octet_length("board"."drafts"."body") <= 65536)
);
--> statement-breakpoint
CREATE TABLE "board"."permits" (
	"nullifier" "bytea" PRIMARY KEY NOT NULL,
	"statement" "bytea" NOT NULL,
	"week" integer NOT NULL,
	"body" text NOT NULL,
	CONSTRAINT "permits_statement" UNIQUE("statement"),
	CONSTRAINT "permits_bytes" CHECK (octet_length("board"."permits"."nullifier") = 32 and octet_length("board"."permits"."statement") = 32),
	CONSTRAINT "permits_size" CHECK (octet_length("board"."permits"."body") <= 4096)
);
--> statement-breakpoint
CREATE TABLE "board"."refusals" (
	"statement" "bytea" PRIMARY KEY NOT NULL,
	"group_id" "bytea" NOT NULL,
	"reason" text NOT NULL,
	"day" bigint NOT NULL,
	CONSTRAINT "refusals_bytes" CHECK (octet_length("board"."refusals"."statement") = 32 and octet_length("board"."refusals"."group_id") = 32),
	CONSTRAINT "refusals_day" CHECK ("board"."refusals"."day" % 86400 = 0)
);
--> statement-breakpoint
CREATE TABLE "membership"."group_policies" (
	"group_id" "bytea" NOT NULL,
	"number" integer NOT NULL,
	"body" text NOT NULL,
	CONSTRAINT "group_policies_group_id_number_pk" PRIMARY KEY("group_id","number"),
	CONSTRAINT "group_policies_bytes" CHECK (octet_length("membership"."group_policies"."group_id") = 32),
	CONSTRAINT "group_policies_number" CHECK ("membership"."group_policies"."number" >= 1)
);
--> statement-breakpoint
ALTER TABLE "board"."statements" ADD COLUMN "opened_by" text;--> statement-breakpoint
ALTER TABLE "board"."statements" ADD COLUMN "opened_for" "bytea";--> statement-breakpoint
ALTER TABLE "membership"."group_policies" ADD CONSTRAINT "group_policies_group_id_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "membership"."groups"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "drafts_group" ON "board"."drafts" USING btree ("group_id");--> statement-breakpoint
CREATE INDEX "permits_week" ON "board"."permits" USING btree ("week");--> statement-breakpoint
CREATE INDEX "refusals_group" ON "board"."refusals" USING btree ("group_id","day");--> statement-breakpoint
ALTER TABLE "board"."statements" ADD CONSTRAINT "statements_opened" CHECK (("board"."statements"."opened_by" is null) = ("board"."statements"."opened_for" is null) and "board"."statements"."opened_by" in ('member', 'account') and octet_length("board"."statements"."opened_for") = 32);--> statement-breakpoint
ALTER TABLE "board"."permits" ALTER COLUMN "nullifier" SET STATISTICS 0, ALTER COLUMN "statement" SET STATISTICS 0, ALTER COLUMN "body" SET STATISTICS 0;--> statement-breakpoint
ALTER TABLE "board"."drafts" ALTER COLUMN "body" SET STATISTICS 0;
