CREATE TABLE "board"."statement_groups" (
	"group_id" "bytea" NOT NULL,
	"position" bigint NOT NULL,
	"statement" "bytea" NOT NULL,
	CONSTRAINT "statement_groups_group_id_position_pk" PRIMARY KEY("group_id","position"),
	CONSTRAINT "statement_groups_bytes" CHECK (octet_length("board"."statement_groups"."group_id") = 32)
);
--> statement-breakpoint
ALTER TABLE "board"."statement_groups" ADD CONSTRAINT "statement_groups_statement_statements_id_fk" FOREIGN KEY ("statement") REFERENCES "board"."statements"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
-- Statements that are there already: their bodies are canonical JSON, so each roll is spelt in this way alone, and no text within
-- can be, where before every quotation mark there is a backslash.
INSERT INTO "board"."statement_groups" ("group_id", "position", "statement")
SELECT DISTINCT decode("roll"[1], 'hex'), "position", "id" FROM "board"."statements"
CROSS JOIN LATERAL regexp_matches("body", '\{"group":"([0-9a-f]{64})","roll":"[0-9a-f]{64}"\}', 'g') AS "roll";
