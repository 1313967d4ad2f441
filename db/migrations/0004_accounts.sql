CREATE TABLE "membership"."issuer_profiles" (
	"key" "bytea" PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"about" text NOT NULL,
	"contact" text NOT NULL,
	"domain" text NOT NULL,
	"proved_by" text,
	"proved_at" bigint,
	"checked_at" bigint,
	CONSTRAINT "issuer_profiles_bytes" CHECK (octet_length("membership"."issuer_profiles"."key") = 32),
	CONSTRAINT "issuer_profiles_proof" CHECK ("membership"."issuer_profiles"."proved_by" is null or ("membership"."issuer_profiles"."proved_by" in ('dns', 'web') and "membership"."issuer_profiles"."proved_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "membership"."mail_turns" (
	"key" text PRIMARY KEY NOT NULL,
	"hour" integer NOT NULL,
	"count" integer NOT NULL
);
--> statement-breakpoint
-- Whoever is signed in signs in once more, and links that were printed before are printed again.
DELETE FROM "membership"."sessions";--> statement-breakpoint
DELETE FROM "membership"."sign_in_links";--> statement-breakpoint
ALTER TABLE "membership"."sessions" DROP CONSTRAINT "sessions_pkey";--> statement-breakpoint
ALTER TABLE "membership"."issuers" ADD COLUMN "since" bigint DEFAULT extract(epoch from current_date)::bigint NOT NULL;--> statement-breakpoint
ALTER TABLE "membership"."rolls" ADD COLUMN "added" integer;--> statement-breakpoint
ALTER TABLE "membership"."rolls" ADD COLUMN "removed" integer;--> statement-breakpoint
ALTER TABLE "membership"."sessions" ADD COLUMN "id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL;--> statement-breakpoint
ALTER TABLE "membership"."sessions" ADD COLUMN "previous" "bytea";--> statement-breakpoint
ALTER TABLE "membership"."sessions" ADD COLUMN "rotated_at" bigint NOT NULL;--> statement-breakpoint
ALTER TABLE "membership"."sessions" ADD COLUMN "is_confirmed" boolean NOT NULL;--> statement-breakpoint
ALTER TABLE "membership"."sessions" ADD COLUMN "started_at" bigint NOT NULL;--> statement-breakpoint
ALTER TABLE "membership"."sign_in_links" ADD COLUMN "sign_in" text NOT NULL;--> statement-breakpoint
CREATE INDEX "sessions_expiring" ON "membership"."sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "sign_in_links_account" ON "membership"."sign_in_links" USING btree ("sign_in");