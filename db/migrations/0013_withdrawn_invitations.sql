ALTER TABLE "membership"."invitations" DROP CONSTRAINT "invitations_state";--> statement-breakpoint
ALTER TABLE "membership"."rolls" DROP CONSTRAINT "rolls_names";--> statement-breakpoint
ALTER TABLE "membership"."invitations" ADD CONSTRAINT "invitations_state" CHECK ("membership"."invitations"."state" in ('invited', 'accepted', 'enrolled', 'withdrawn'));--> statement-breakpoint
ALTER TABLE "membership"."rolls" ADD CONSTRAINT "rolls_names" CHECK (octet_length("membership"."rolls"."names") = case when octet_length("membership"."rolls"."file") = 0 then 0 else 32 * "membership"."rolls"."size" end);--> statement-breakpoint
-- Programs of before list an invitation in a state that their issuers' pages refuse.
COMMENT ON SCHEMA "drizzle" IS 'needs 0013';
