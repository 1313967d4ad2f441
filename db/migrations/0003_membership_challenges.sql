CREATE SCHEMA "asking";
--> statement-breakpoint
CREATE TABLE "asking"."answers" (
	"challenge" "bytea" NOT NULL,
	"hash" "bytea" NOT NULL,
	"ciphertext" "bytea" NOT NULL,
	CONSTRAINT "answers_pkey" PRIMARY KEY("challenge","hash"),
	CONSTRAINT "answers_bytes" CHECK (octet_length("asking"."answers"."hash") = 32),
	CONSTRAINT "answers_length" CHECK (octet_length("asking"."answers"."ciphertext") = 2096)
);
--> statement-breakpoint
CREATE TABLE "asking"."challenge_groups" (
	"group_id" "bytea" NOT NULL,
	"challenge" "bytea" NOT NULL,
	CONSTRAINT "challenge_groups_group_id_challenge_pk" PRIMARY KEY("group_id","challenge"),
	CONSTRAINT "challenge_groups_bytes" CHECK (octet_length("asking"."challenge_groups"."group_id") = 32)
);
--> statement-breakpoint
CREATE TABLE "asking"."challenges" (
	"id" "bytea" PRIMARY KEY NOT NULL,
	"asker" "bytea" NOT NULL,
	"expires" bigint NOT NULL,
	"body" text NOT NULL,
	"headers" text NOT NULL,
	CONSTRAINT "challenges_bytes" CHECK (octet_length("asking"."challenges"."id") = 32 and octet_length("asking"."challenges"."asker") = 32),
	CONSTRAINT "challenges_size" CHECK (octet_length("asking"."challenges"."body") <= 32768)
);
--> statement-breakpoint
ALTER TABLE "asking"."answers" ADD CONSTRAINT "answers_challenge_challenges_id_fk" FOREIGN KEY ("challenge") REFERENCES "asking"."challenges"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "asking"."challenge_groups" ADD CONSTRAINT "challenge_groups_challenge_challenges_id_fk" FOREIGN KEY ("challenge") REFERENCES "asking"."challenges"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "challenges_asker" ON "asking"."challenges" USING btree ("asker");--> statement-breakpoint
CREATE INDEX "challenges_expires" ON "asking"."challenges" USING btree ("expires");--> statement-breakpoint
ALTER TABLE "asking"."answers" ALTER COLUMN "hash" SET STATISTICS 0, ALTER COLUMN "ciphertext" SET STATISTICS 0;
