CREATE TABLE "membership"."passkeys" (
	"id" text PRIMARY KEY NOT NULL,
	"clerk" uuid NOT NULL,
	"public_key" "bytea" NOT NULL,
	"counter" bigint NOT NULL,
	"since" bigint DEFAULT extract(epoch from current_date)::bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "membership"."spent_challenges" (
	"hash" "bytea" PRIMARY KEY NOT NULL,
	"expires_at" bigint NOT NULL,
	CONSTRAINT "spent_challenges_bytes" CHECK (octet_length("membership"."spent_challenges"."hash") = 32)
);
--> statement-breakpoint
ALTER TABLE "membership"."passkeys" ADD CONSTRAINT "passkeys_clerk_clerks_id_fk" FOREIGN KEY ("clerk") REFERENCES "membership"."clerks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "passkeys_clerk" ON "membership"."passkeys" USING btree ("clerk");