CREATE SCHEMA "moderation";
--> statement-breakpoint
CREATE TABLE "moderation"."decisions" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "moderation"."decisions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"subject" "bytea" NOT NULL,
	"action" text NOT NULL,
	"reason" text NOT NULL,
	"day" bigint NOT NULL,
	CONSTRAINT "decisions_bytes" CHECK (octet_length("moderation"."decisions"."subject") = 32),
	CONSTRAINT "decisions_kind" CHECK ("moderation"."decisions"."kind" in ('statement', 'group')),
	CONSTRAINT "decisions_action" CHECK ("moderation"."decisions"."action" in ('hide', 'show') or ("moderation"."decisions"."action" = 'refuse' and "moderation"."decisions"."kind" = 'statement')),
	CONSTRAINT "decisions_reason" CHECK (char_length("moderation"."decisions"."reason") between 1 and 500),
	CONSTRAINT "decisions_day" CHECK ("moderation"."decisions"."day" % 86400 = 0)
);
--> statement-breakpoint
CREATE INDEX "decisions_subject" ON "moderation"."decisions" USING btree ("subject","id");