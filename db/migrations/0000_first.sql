CREATE SCHEMA "board";
--> statement-breakpoint
CREATE SCHEMA "ceremony";
--> statement-breakpoint
CREATE SCHEMA "membership";
--> statement-breakpoint
CREATE TABLE "ceremony"."places" (
	"number" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "ceremony"."places_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"ceremony" "bytea" NOT NULL,
	"token" "bytea" NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"expires_at" bigint NOT NULL,
	"position" integer,
	"reason" text,
	CONSTRAINT "places_token" UNIQUE("token"),
	CONSTRAINT "places_bytes" CHECK (octet_length("ceremony"."places"."ceremony") = 32 and octet_length("ceremony"."places"."token") = 32),
	CONSTRAINT "places_state" CHECK ("ceremony"."places"."state" in ('waiting', 'called', 'contributing', 'checking', 'accepted', 'refused')),
	CONSTRAINT "places_end" CHECK (("ceremony"."places"."state" = 'accepted') = ("ceremony"."places"."position" is not null) and ("ceremony"."places"."state" = 'refused') = ("ceremony"."places"."reason" is not null))
);
--> statement-breakpoint
CREATE TABLE "board"."checkpoints" (
	"statement" "bytea" NOT NULL,
	"number" integer NOT NULL,
	"hash" "bytea" NOT NULL,
	"body" text NOT NULL,
	"listed" "bytea" NOT NULL,
	"segment" integer NOT NULL,
	CONSTRAINT "checkpoints_statement_number_pk" PRIMARY KEY("statement","number"),
	CONSTRAINT "checkpoints_hash" UNIQUE("statement","hash"),
	CONSTRAINT "checkpoints_bytes" CHECK (octet_length("board"."checkpoints"."hash") = 32),
	CONSTRAINT "checkpoints_number" CHECK ("board"."checkpoints"."number" >= 1),
	CONSTRAINT "checkpoints_segment" CHECK ("board"."checkpoints"."segment" between 1 and "board"."checkpoints"."number"),
	CONSTRAINT "checkpoints_listed" CHECK (octet_length("board"."checkpoints"."listed") % 32 = 0)
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
	"salt" "bytea" NOT NULL,
	"listed" "bytea" NOT NULL,
	"body" text NOT NULL,
	"publish_by" bigint NOT NULL,
	"checkpoint" integer,
	CONSTRAINT "entries_statement_nullifier_action_pk" PRIMARY KEY("statement","nullifier","action"),
	CONSTRAINT "entries_hash" UNIQUE("statement","hash"),
	CONSTRAINT "entries_listed" UNIQUE("statement","listed"),
	CONSTRAINT "entries_bytes" CHECK (octet_length("board"."entries"."nullifier") = 32 and octet_length("board"."entries"."hash") = 32 and octet_length("board"."entries"."group_id") = 32 and octet_length("board"."entries"."salt") = 32 and octet_length("board"."entries"."listed") = 32),
	CONSTRAINT "entries_action" CHECK ("board"."entries"."action" in ('sign', 'withdraw'))
);
--> statement-breakpoint
CREATE TABLE "board"."epochs" (
	"only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"epoch" "bytea" NOT NULL,
	"home" text NOT NULL,
	CONSTRAINT "epochs_bytes" CHECK (octet_length("board"."epochs"."epoch") = 32),
	CONSTRAINT "epochs_one" CHECK ("board"."epochs"."only")
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
CREATE TABLE "board"."mix_lists" (
	"statement" "bytea" NOT NULL,
	"hash" "bytea" NOT NULL,
	"body" text NOT NULL,
	CONSTRAINT "mix_lists_statement_hash_pk" PRIMARY KEY("statement","hash"),
	CONSTRAINT "mix_lists_bytes" CHECK (octet_length("board"."mix_lists"."hash") = 32)
);
--> statement-breakpoint
CREATE TABLE "board"."opened_entries" (
	"statement" "bytea" NOT NULL,
	"wave" integer NOT NULL,
	"hash" "bytea" NOT NULL,
	"body" text NOT NULL,
	CONSTRAINT "opened_entries_statement_hash_pk" PRIMARY KEY("statement","hash"),
	CONSTRAINT "opened_entries_bytes" CHECK (octet_length("board"."opened_entries"."hash") = 32)
);
--> statement-breakpoint
CREATE TABLE "board"."revealed_names" (
	"statement" "bytea" NOT NULL,
	"wave" integer NOT NULL,
	"group_id" "bytea" NOT NULL,
	"body" text NOT NULL,
	CONSTRAINT "revealed_names_statement_wave_group_id_pk" PRIMARY KEY("statement","wave","group_id")
);
--> statement-breakpoint
CREATE TABLE "membership"."roll_trees" (
	"group_id" "bytea" PRIMARY KEY NOT NULL,
	"roll" "bytea" NOT NULL,
	"nodes" "bytea" NOT NULL,
	CONSTRAINT "roll_trees_bytes" CHECK (octet_length("membership"."roll_trees"."group_id") = 32 and octet_length("membership"."roll_trees"."roll") = 32)
);
--> statement-breakpoint
CREATE TABLE "membership"."rolls" (
	"hash" "bytea" PRIMARY KEY NOT NULL,
	"group_id" "bytea" NOT NULL,
	"number" integer NOT NULL,
	"size" integer NOT NULL,
	"header" text NOT NULL,
	"file" "bytea" NOT NULL,
	"names" "bytea" NOT NULL,
	"capsules" "bytea",
	CONSTRAINT "rolls_history" UNIQUE("group_id","number"),
	CONSTRAINT "rolls_bytes" CHECK (octet_length("membership"."rolls"."hash") = 32),
	CONSTRAINT "rolls_names" CHECK (octet_length("membership"."rolls"."names") = 32 * "membership"."rolls"."size"),
	CONSTRAINT "rolls_number" CHECK ("membership"."rolls"."number" >= 1 and "membership"."rolls"."size" >= 1)
);
--> statement-breakpoint
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
CREATE TABLE "board"."statement_groups" (
	"group_id" "bytea" NOT NULL,
	"roll" "bytea" NOT NULL,
	"position" bigint NOT NULL,
	"statement" "bytea" NOT NULL,
	CONSTRAINT "statement_groups_group_id_position_pk" PRIMARY KEY("group_id","position"),
	CONSTRAINT "statement_groups_bytes" CHECK (octet_length("board"."statement_groups"."group_id") = 32 and octet_length("board"."statement_groups"."roll") = 32)
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
	"messages" integer DEFAULT 0 NOT NULL,
	"lost_by" text,
	"is_erased" boolean DEFAULT false NOT NULL,
	"record_seal" text,
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
	"subject" "bytea",
	"step" smallint,
	"evidence" boolean DEFAULT false NOT NULL,
	"received_at" bigint NOT NULL,
	"body" text NOT NULL,
	CONSTRAINT "trustee_messages_statement_cursor_pk" PRIMARY KEY("statement","cursor"),
	CONSTRAINT "trustee_messages_hash" UNIQUE("statement","hash"),
	CONSTRAINT "trustee_messages_bytes" CHECK (octet_length("board"."trustee_messages"."hash") = 32),
	CONSTRAINT "trustee_messages_type" CHECK ("board"."trustee_messages"."type" in ('commit', 'deal', 'complaint', 'confirm', 'cosignature', 'mix', 'opening', 'destroyed')),
	CONSTRAINT "trustee_messages_place" CHECK ("board"."trustee_messages"."trustee" between 1 and 16 and "board"."trustee_messages"."cursor" >= 1),
	CONSTRAINT "trustee_messages_subject" CHECK (("board"."trustee_messages"."type" in ('cosignature', 'mix', 'opening')) = ("board"."trustee_messages"."subject" is not null)),
	CONSTRAINT "trustee_messages_step" CHECK (("board"."trustee_messages"."type" = 'mix') = ("board"."trustee_messages"."step" is not null))
);
--> statement-breakpoint
CREATE TABLE "board"."waves" (
	"statement" "bytea" NOT NULL,
	"number" integer NOT NULL,
	"checkpoint" integer NOT NULL,
	"content" "bytea" NOT NULL,
	"body" text,
	"opened_by" "bytea",
	CONSTRAINT "waves_statement_number_pk" PRIMARY KEY("statement","number"),
	CONSTRAINT "waves_bytes" CHECK (octet_length("board"."waves"."content") = 32),
	CONSTRAINT "waves_number" CHECK ("board"."waves"."number" >= 1),
	CONSTRAINT "waves_opened" CHECK ("board"."waves"."opened_by" is null or "board"."waves"."body" is not null)
);
--> statement-breakpoint
ALTER TABLE "board"."checkpoints" ADD CONSTRAINT "checkpoints_statement_statements_id_fk" FOREIGN KEY ("statement") REFERENCES "board"."statements"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "board"."committee_members" ADD CONSTRAINT "committee_members_statement_statements_id_fk" FOREIGN KEY ("statement") REFERENCES "board"."statements"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "board"."entries" ADD CONSTRAINT "entries_statement_statements_id_fk" FOREIGN KEY ("statement") REFERENCES "board"."statements"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "board"."entries" ADD CONSTRAINT "entries_checkpoint" FOREIGN KEY ("statement","checkpoint") REFERENCES "board"."checkpoints"("statement","number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "membership"."groups" ADD CONSTRAINT "groups_issuer_issuers_id_fk" FOREIGN KEY ("issuer") REFERENCES "membership"."issuers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "membership"."invitations" ADD CONSTRAINT "invitations_group_id_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "membership"."groups"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "board"."mix_lists" ADD CONSTRAINT "mix_lists_statement_statements_id_fk" FOREIGN KEY ("statement") REFERENCES "board"."statements"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "board"."opened_entries" ADD CONSTRAINT "opened_entries_statement_statements_id_fk" FOREIGN KEY ("statement") REFERENCES "board"."statements"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "board"."revealed_names" ADD CONSTRAINT "revealed_names_statement_statements_id_fk" FOREIGN KEY ("statement") REFERENCES "board"."statements"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "membership"."roll_trees" ADD CONSTRAINT "roll_trees_group_id_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "membership"."groups"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "membership"."roll_trees" ADD CONSTRAINT "roll_trees_roll_rolls_hash_fk" FOREIGN KEY ("roll") REFERENCES "membership"."rolls"("hash") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "membership"."rolls" ADD CONSTRAINT "rolls_group_id_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "membership"."groups"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "membership"."sessions" ADD CONSTRAINT "sessions_issuer_issuers_id_fk" FOREIGN KEY ("issuer") REFERENCES "membership"."issuers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "board"."statement_groups" ADD CONSTRAINT "statement_groups_statement_statements_id_fk" FOREIGN KEY ("statement") REFERENCES "board"."statements"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "board"."trustee_messages" ADD CONSTRAINT "trustee_messages_statement_statements_id_fk" FOREIGN KEY ("statement") REFERENCES "board"."statements"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "board"."waves" ADD CONSTRAINT "waves_statement_statements_id_fk" FOREIGN KEY ("statement") REFERENCES "board"."statements"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "board"."waves" ADD CONSTRAINT "waves_checkpoint" FOREIGN KEY ("statement","checkpoint") REFERENCES "board"."checkpoints"("statement","number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "places_one_turn" ON "ceremony"."places" USING btree ("ceremony") WHERE "ceremony"."places"."state" in ('called', 'contributing', 'checking');--> statement-breakpoint
CREATE INDEX "checkpoints_segments" ON "board"."checkpoints" USING btree ("statement","number") WHERE "board"."checkpoints"."number" = "board"."checkpoints"."segment";--> statement-breakpoint
CREATE INDEX "entries_waiting" ON "board"."entries" USING btree ("statement") WHERE "board"."entries"."checkpoint" is null;--> statement-breakpoint
CREATE INDEX "entries_of_checkpoint" ON "board"."entries" USING btree ("statement","checkpoint");--> statement-breakpoint
CREATE INDEX "groups_issuer" ON "membership"."groups" USING btree ("issuer");--> statement-breakpoint
CREATE INDEX "invitations_group" ON "membership"."invitations" USING btree ("group_id");--> statement-breakpoint
CREATE INDEX "opened_entries_wave" ON "board"."opened_entries" USING btree ("statement","wave");--> statement-breakpoint
CREATE INDEX "sessions_issuer" ON "membership"."sessions" USING btree ("issuer");--> statement-breakpoint
CREATE INDEX "statement_groups_roll" ON "board"."statement_groups" USING btree ("roll");--> statement-breakpoint
CREATE INDEX "statements_open_by" ON "board"."statements" USING btree ("open_by");--> statement-breakpoint
CREATE INDEX "statements_ending" ON "board"."statements" USING btree ("destroy_at") WHERE not "board"."statements"."is_erased";--> statement-breakpoint
CREATE INDEX "statements_unsealed" ON "board"."statements" USING btree ("position") WHERE "board"."statements"."is_erased" and "board"."statements"."record_seal" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "trustee_messages_one" ON "board"."trustee_messages" USING btree ("statement","type","trustee","slot") WHERE not "board"."trustee_messages"."evidence" and "board"."trustee_messages"."type" not in ('mix', 'opening');--> statement-breakpoint
CREATE UNIQUE INDEX "trustee_messages_opening" ON "board"."trustee_messages" USING btree ("statement","trustee","slot","subject") WHERE not "board"."trustee_messages"."evidence" and "board"."trustee_messages"."type" = 'opening';--> statement-breakpoint
CREATE INDEX "trustee_messages_about" ON "board"."trustee_messages" USING btree ("statement","type","trustee","slot");--> statement-breakpoint
CREATE INDEX "trustee_messages_waves" ON "board"."trustee_messages" USING btree ("statement","slot") WHERE "board"."trustee_messages"."type" in ('mix', 'opening');--> statement-breakpoint
-- The first life of this database; `home` is found when a platform starts on it.
INSERT INTO "board"."epochs" ("epoch", "home") VALUES (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')), '');
