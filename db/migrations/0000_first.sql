CREATE SCHEMA "board";
--> statement-breakpoint
CREATE SCHEMA "membership";
--> statement-breakpoint
CREATE TABLE "board"."checkpoints" (
	"statement" "bytea" NOT NULL,
	"number" integer NOT NULL,
	"hash" "bytea" NOT NULL,
	"body" text NOT NULL,
	"entries" "bytea" NOT NULL,
	CONSTRAINT "checkpoints_statement_number_pk" PRIMARY KEY("statement","number"),
	CONSTRAINT "checkpoints_bytes" CHECK (octet_length("board"."checkpoints"."hash") = 32),
	CONSTRAINT "checkpoints_number" CHECK ("board"."checkpoints"."number" >= 1),
	CONSTRAINT "checkpoints_entries" CHECK (octet_length("board"."checkpoints"."entries") % 32 = 0)
);
--> statement-breakpoint
CREATE TABLE "board"."committee_members" (
	"statement" "bytea" NOT NULL,
	"trustee" smallint NOT NULL,
	"key" "bytea" NOT NULL,
	CONSTRAINT "committee_members_statement_trustee_pk" PRIMARY KEY("statement","trustee"),
	CONSTRAINT "committee_members_key" UNIQUE("key","statement"),
	CONSTRAINT "committee_members_bytes" CHECK (octet_length("board"."committee_members"."key") = 32),
	CONSTRAINT "committee_members_place" CHECK ("board"."committee_members"."trustee" between 1 and 16)
);
--> statement-breakpoint
CREATE TABLE "board"."entries" (
	"statement" "bytea" NOT NULL,
	"nullifier" "bytea" NOT NULL,
	"action" text NOT NULL,
	"group_id" "bytea" NOT NULL,
	"hash" "bytea" NOT NULL,
	"body" text NOT NULL,
	"publish_by" bigint NOT NULL,
	"checkpoint" integer,
	CONSTRAINT "entries_statement_nullifier_action_pk" PRIMARY KEY("statement","nullifier","action"),
	CONSTRAINT "entries_hash" UNIQUE("statement","hash"),
	CONSTRAINT "entries_bytes" CHECK (octet_length("board"."entries"."nullifier") = 32 and octet_length("board"."entries"."hash") = 32 and octet_length("board"."entries"."group_id") = 32),
	CONSTRAINT "entries_action" CHECK ("board"."entries"."action" in ('sign', 'withdraw'))
);
--> statement-breakpoint
CREATE TABLE "membership"."groups" (
	"id" "bytea" PRIMARY KEY NOT NULL,
	"issuer" uuid NOT NULL,
	"issuer_key" "bytea" NOT NULL,
	"name" text NOT NULL,
	"claimed_at" bigint NOT NULL,
	CONSTRAINT "groups_bytes" CHECK (octet_length("membership"."groups"."id") = 32 and octet_length("membership"."groups"."issuer_key") = 32)
);
--> statement-breakpoint
CREATE TABLE "membership"."invitations" (
	"ticket" "bytea" PRIMARY KEY NOT NULL,
	"group_id" "bytea" NOT NULL,
	"state" text DEFAULT 'invited' NOT NULL,
	"enrolment_id" "bytea",
	"ciphertext" "bytea",
	CONSTRAINT "invitations_bytes" CHECK (octet_length("membership"."invitations"."ticket") = 32),
	CONSTRAINT "invitations_state" CHECK ("membership"."invitations"."state" in ('invited', 'accepted', 'enrolled')),
	CONSTRAINT "invitations_sealed" CHECK (("membership"."invitations"."state" = 'accepted') = ("membership"."invitations"."enrolment_id" is not null) and ("membership"."invitations"."state" = 'accepted') = ("membership"."invitations"."ciphertext" is not null))
);
--> statement-breakpoint
CREATE TABLE "membership"."issuers" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"sign_in" text NOT NULL,
	CONSTRAINT "issuers_sign_in" UNIQUE("sign_in")
);
--> statement-breakpoint
CREATE TABLE "board"."revealed_names" (
	"statement" "bytea" NOT NULL,
	"wave" integer NOT NULL,
	"names" text NOT NULL,
	CONSTRAINT "revealed_names_statement_wave_pk" PRIMARY KEY("statement","wave")
);
--> statement-breakpoint
CREATE TABLE "membership"."rolls" (
	"hash" "bytea" PRIMARY KEY NOT NULL,
	"group_id" "bytea" NOT NULL,
	"number" integer NOT NULL,
	"size" integer NOT NULL,
	"header" text NOT NULL,
	"file" "bytea" NOT NULL,
	CONSTRAINT "rolls_history" UNIQUE("group_id","number"),
	CONSTRAINT "rolls_bytes" CHECK (octet_length("membership"."rolls"."hash") = 32),
	CONSTRAINT "rolls_number" CHECK ("membership"."rolls"."number" >= 1 and "membership"."rolls"."size" >= 1)
);
--> statement-breakpoint
CREATE TABLE "board"."statements" (
	"id" "bytea" PRIMARY KEY NOT NULL,
	"position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "board"."statements_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"body" text NOT NULL,
	"headers" text NOT NULL,
	"trustees" smallint NOT NULL,
	"open_by" bigint NOT NULL,
	"destroy_at" bigint NOT NULL,
	"final_counts" text,
	CONSTRAINT "statements_position" UNIQUE("position"),
	CONSTRAINT "statements_bytes" CHECK (octet_length("board"."statements"."id") = 32),
	CONSTRAINT "statements_size" CHECK (octet_length("board"."statements"."body") <= 65536)
);
--> statement-breakpoint
CREATE TABLE "board"."trustee_messages" (
	"statement" "bytea" NOT NULL,
	"cursor" integer NOT NULL,
	"type" text NOT NULL,
	"trustee" smallint NOT NULL,
	"slot" bigint DEFAULT 0 NOT NULL,
	"hash" "bytea" NOT NULL,
	"checkpoint" "bytea",
	"evidence" boolean DEFAULT false NOT NULL,
	"body" text NOT NULL,
	CONSTRAINT "trustee_messages_statement_cursor_pk" PRIMARY KEY("statement","cursor"),
	CONSTRAINT "trustee_messages_bytes" CHECK (octet_length("board"."trustee_messages"."hash") = 32),
	CONSTRAINT "trustee_messages_type" CHECK ("board"."trustee_messages"."type" in ('commit', 'deal', 'complaint', 'confirm', 'cosignature', 'opening', 'destroyed')),
	CONSTRAINT "trustee_messages_place" CHECK ("board"."trustee_messages"."trustee" between 1 and 16 and "board"."trustee_messages"."cursor" >= 1),
	CONSTRAINT "trustee_messages_checkpoint" CHECK (("board"."trustee_messages"."type" = 'cosignature') = ("board"."trustee_messages"."checkpoint" is not null)),
	CONSTRAINT "trustee_messages_evidence" CHECK (not "board"."trustee_messages"."evidence" or "board"."trustee_messages"."type" in ('cosignature', 'opening'))
);
--> statement-breakpoint
CREATE TABLE "membership"."used_links" (
	"token" "bytea" PRIMARY KEY NOT NULL,
	CONSTRAINT "used_links_bytes" CHECK (octet_length("membership"."used_links"."token") = 32)
);
--> statement-breakpoint
ALTER TABLE "board"."checkpoints" ADD CONSTRAINT "checkpoints_statement_statements_id_fk" FOREIGN KEY ("statement") REFERENCES "board"."statements"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "board"."committee_members" ADD CONSTRAINT "committee_members_statement_statements_id_fk" FOREIGN KEY ("statement") REFERENCES "board"."statements"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "board"."entries" ADD CONSTRAINT "entries_statement_statements_id_fk" FOREIGN KEY ("statement") REFERENCES "board"."statements"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "board"."entries" ADD CONSTRAINT "entries_checkpoint" FOREIGN KEY ("statement","checkpoint") REFERENCES "board"."checkpoints"("statement","number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "membership"."groups" ADD CONSTRAINT "groups_issuer_issuers_id_fk" FOREIGN KEY ("issuer") REFERENCES "membership"."issuers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "membership"."invitations" ADD CONSTRAINT "invitations_group_id_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "membership"."groups"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "board"."revealed_names" ADD CONSTRAINT "revealed_names_statement_statements_id_fk" FOREIGN KEY ("statement") REFERENCES "board"."statements"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "membership"."rolls" ADD CONSTRAINT "rolls_group_id_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "membership"."groups"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "board"."trustee_messages" ADD CONSTRAINT "trustee_messages_statement_statements_id_fk" FOREIGN KEY ("statement") REFERENCES "board"."statements"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "entries_waiting" ON "board"."entries" USING btree ("statement") WHERE "board"."entries"."checkpoint" is null;--> statement-breakpoint
CREATE INDEX "entries_of_checkpoint" ON "board"."entries" USING btree ("statement","checkpoint");--> statement-breakpoint
CREATE INDEX "groups_issuer" ON "membership"."groups" USING btree ("issuer");--> statement-breakpoint
CREATE INDEX "invitations_group" ON "membership"."invitations" USING btree ("group_id");--> statement-breakpoint
CREATE INDEX "statements_open_by" ON "board"."statements" USING btree ("open_by");--> statement-breakpoint
CREATE INDEX "statements_ending" ON "board"."statements" USING btree ("destroy_at") WHERE "board"."statements"."final_counts" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "trustee_messages_one" ON "board"."trustee_messages" USING btree ("statement","type","trustee","slot","evidence");