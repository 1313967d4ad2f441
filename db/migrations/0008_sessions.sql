CREATE TABLE "membership"."sessions" (
	"token" "bytea" PRIMARY KEY NOT NULL,
	"issuer" uuid NOT NULL,
	"expires_at" bigint NOT NULL,
	CONSTRAINT "sessions_bytes" CHECK (octet_length("membership"."sessions"."token") = 32)
);
--> statement-breakpoint
CREATE TABLE "membership"."sign_in_links" (
	"token" "bytea" PRIMARY KEY NOT NULL,
	"expires_at" bigint NOT NULL,
	CONSTRAINT "sign_in_links_bytes" CHECK (octet_length("membership"."sign_in_links"."token") = 32)
);
--> statement-breakpoint
ALTER TABLE "membership"."sessions" ADD CONSTRAINT "sessions_issuer_issuers_id_fk" FOREIGN KEY ("issuer") REFERENCES "membership"."issuers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "sessions_issuer" ON "membership"."sessions" USING btree ("issuer");