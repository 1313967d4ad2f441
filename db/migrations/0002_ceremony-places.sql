CREATE SCHEMA "ceremony";
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
CREATE UNIQUE INDEX "places_one_turn" ON "ceremony"."places" USING btree ("ceremony") WHERE "ceremony"."places"."state" in ('called', 'contributing', 'checking');