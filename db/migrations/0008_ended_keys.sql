CREATE TABLE "membership"."ended_keys" (
	"key" "bytea" PRIMARY KEY NOT NULL,
	"position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "membership"."ended_keys_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" bigint NOT NULL,
	"message" text,
	"successor" "bytea",
	CONSTRAINT "ended_keys_position" UNIQUE("position"),
	CONSTRAINT "ended_keys_bytes" CHECK (octet_length("membership"."ended_keys"."key") = 32),
	CONSTRAINT "ended_keys_successor" CHECK ("membership"."ended_keys"."successor" is null or (octet_length("membership"."ended_keys"."successor") = 32 and "membership"."ended_keys"."message" is not null))
);
--> statement-breakpoint
CREATE INDEX "ended_keys_successors" ON "membership"."ended_keys" USING btree ("successor");