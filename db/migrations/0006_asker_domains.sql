ALTER TABLE "asking"."challenges" ADD COLUMN "domain" text;--> statement-breakpoint
ALTER TABLE "asking"."challenges" ADD COLUMN "proved_by" text;--> statement-breakpoint
ALTER TABLE "asking"."challenges" ADD COLUMN "proved_at" bigint;--> statement-breakpoint
ALTER TABLE "asking"."challenges" ADD COLUMN "checked_at" bigint;--> statement-breakpoint
ALTER TABLE "asking"."challenges" ADD CONSTRAINT "challenges_proof" CHECK ("asking"."challenges"."proved_by" is null or ("asking"."challenges"."proved_by" in ('dns', 'web') and "asking"."challenges"."proved_at" is not null));