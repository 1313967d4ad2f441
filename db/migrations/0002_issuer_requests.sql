CREATE TABLE "membership"."issuer_requests" (
	"key" "bytea" NOT NULL,
	"nonce" "bytea" NOT NULL,
	"expires_at" bigint NOT NULL,
	CONSTRAINT "issuer_requests_once" PRIMARY KEY("key","nonce"),
	CONSTRAINT "issuer_requests_bytes" CHECK (octet_length("membership"."issuer_requests"."key") = 32 and octet_length("membership"."issuer_requests"."nonce") = 32)
);
--> statement-breakpoint
CREATE INDEX "issuer_requests_expiring" ON "membership"."issuer_requests" USING btree ("expires_at");