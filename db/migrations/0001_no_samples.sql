-- The server keeps samples of what stands in a table (pg_statistic) to plan with, and goes on keeping them when the rows are gone. Of
-- what is erased, or tells who answered, there are none.
ALTER TABLE "board"."entries" ALTER COLUMN "nullifier" SET STATISTICS 0, ALTER COLUMN "hash" SET STATISTICS 0, ALTER COLUMN "salt" SET STATISTICS 0, ALTER COLUMN "listed" SET STATISTICS 0, ALTER COLUMN "body" SET STATISTICS 0;--> statement-breakpoint
ALTER TABLE "board"."waves" ALTER COLUMN "body" SET STATISTICS 0;--> statement-breakpoint
ALTER TABLE "board"."trustee_messages" ALTER COLUMN "subject" SET STATISTICS 0, ALTER COLUMN "body" SET STATISTICS 0;--> statement-breakpoint
ALTER TABLE "board"."mix_lists" ALTER COLUMN "hash" SET STATISTICS 0, ALTER COLUMN "body" SET STATISTICS 0;--> statement-breakpoint
ALTER TABLE "membership"."rolls" ALTER COLUMN "capsules" SET STATISTICS 0;--> statement-breakpoint
ALTER TABLE "membership"."invitations" ALTER COLUMN "ticket" SET STATISTICS 0, ALTER COLUMN "enrolment_id" SET STATISTICS 0, ALTER COLUMN "ciphertext" SET STATISTICS 0;
