CREATE TABLE "board"."epochs" (
	"only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"epoch" "bytea" NOT NULL,
	"home" text NOT NULL,
	CONSTRAINT "epochs_bytes" CHECK (octet_length("board"."epochs"."epoch") = 32),
	CONSTRAINT "epochs_one" CHECK ("board"."epochs"."only")
);
--> statement-breakpoint
ALTER TABLE "board"."statements" ADD COLUMN "lost_by" text;--> statement-breakpoint
INSERT INTO "board"."epochs" ("epoch", "home") VALUES (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')), '');
