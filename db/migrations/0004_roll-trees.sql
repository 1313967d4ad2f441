CREATE TABLE "membership"."roll_trees" (
	"group_id" "bytea" PRIMARY KEY NOT NULL,
	"roll" "bytea" NOT NULL,
	"nodes" "bytea" NOT NULL,
	CONSTRAINT "roll_trees_bytes" CHECK (octet_length("membership"."roll_trees"."group_id") = 32 and octet_length("membership"."roll_trees"."roll") = 32)
);
--> statement-breakpoint
ALTER TABLE "membership"."roll_trees" ADD CONSTRAINT "roll_trees_group_id_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "membership"."groups"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "membership"."roll_trees" ADD CONSTRAINT "roll_trees_roll_rolls_hash_fk" FOREIGN KEY ("roll") REFERENCES "membership"."rolls"("hash") ON DELETE no action ON UPDATE no action;