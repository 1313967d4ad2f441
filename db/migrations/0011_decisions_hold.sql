-- A decision is never changed or taken out: another one follows it.
CREATE FUNCTION "moderation"."keep_decisions"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'decisions are only added' USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER "decisions_only_added" BEFORE UPDATE OR DELETE OR TRUNCATE ON "moderation"."decisions"
  FOR EACH STATEMENT EXECUTE FUNCTION "moderation"."keep_decisions"();
--> statement-breakpoint
-- What comes for a refused statement is left out, so that one signature that was under way does not fail others that are stored with it.
CREATE FUNCTION "moderation"."leave_refused_out"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT action FROM moderation.decisions WHERE subject = NEW.statement AND kind = 'statement' ORDER BY id DESC LIMIT 1) = 'refuse' THEN
    RETURN NULL;
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER "entries_not_refused" BEFORE INSERT ON "board"."entries"
  FOR EACH ROW EXECUTE FUNCTION "moderation"."leave_refused_out"();
