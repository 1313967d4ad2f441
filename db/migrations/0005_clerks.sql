CREATE TABLE "membership"."clerks" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"issuer" uuid NOT NULL,
	"number" integer NOT NULL,
	"state" text NOT NULL,
	"sign_in" text,
	"since" bigint DEFAULT extract(epoch from current_date)::bigint NOT NULL,
	CONSTRAINT "clerks_sign_in" UNIQUE("sign_in"),
	CONSTRAINT "clerks_number" UNIQUE("issuer","number"),
	CONSTRAINT "clerks_state" CHECK ("membership"."clerks"."state" in ('asked', 'in', 'out') and ("membership"."clerks"."state" = 'in') = ("membership"."clerks"."sign_in" is not null))
);
--> statement-breakpoint
CREATE TABLE "membership"."issuer_log" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "membership"."issuer_log_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"issuer" uuid NOT NULL,
	"clerk" integer,
	"action" text NOT NULL,
	"group" "bytea",
	"count" integer,
	"at" bigint NOT NULL,
	CONSTRAINT "issuer_log_group" CHECK ("membership"."issuer_log"."group" is null or octet_length("membership"."issuer_log"."group") = 32),
	CONSTRAINT "issuer_log_hour" CHECK ("membership"."issuer_log"."at" % 3600 = 0)
);
--> statement-breakpoint
-- Every account has had one way of signing in, which becomes that of its first clerk; whoever is signed in signs in once more.
INSERT INTO "membership"."clerks" ("issuer", "number", "state", "sign_in", "since") SELECT "id", 1, 'in', "sign_in", "since" FROM "membership"."issuers";--> statement-breakpoint
DELETE FROM "membership"."sessions";--> statement-breakpoint
ALTER TABLE "membership"."issuers" DROP CONSTRAINT "issuers_sign_in";--> statement-breakpoint
ALTER TABLE "membership"."sessions" DROP CONSTRAINT "sessions_issuer_issuers_id_fk";
--> statement-breakpoint
DROP INDEX "membership"."sessions_issuer";--> statement-breakpoint
ALTER TABLE "membership"."sessions" ADD COLUMN "clerk" uuid NOT NULL;--> statement-breakpoint
ALTER TABLE "membership"."sign_in_links" ADD COLUMN "asks" uuid;--> statement-breakpoint
ALTER TABLE "membership"."clerks" ADD CONSTRAINT "clerks_issuer_issuers_id_fk" FOREIGN KEY ("issuer") REFERENCES "membership"."issuers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "membership"."issuer_log" ADD CONSTRAINT "issuer_log_issuer_issuers_id_fk" FOREIGN KEY ("issuer") REFERENCES "membership"."issuers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "issuer_log_issuer" ON "membership"."issuer_log" USING btree ("issuer","id");--> statement-breakpoint
ALTER TABLE "membership"."sessions" ADD CONSTRAINT "sessions_clerk_clerks_id_fk" FOREIGN KEY ("clerk") REFERENCES "membership"."clerks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "membership"."sign_in_links" ADD CONSTRAINT "sign_in_links_asks_clerks_id_fk" FOREIGN KEY ("asks") REFERENCES "membership"."clerks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "sessions_clerk" ON "membership"."sessions" USING btree ("clerk");--> statement-breakpoint
ALTER TABLE "membership"."issuers" DROP COLUMN "sign_in";--> statement-breakpoint
ALTER TABLE "membership"."sessions" DROP COLUMN "issuer";