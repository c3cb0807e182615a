"""In which order transactions became visible: the oracle of tests in which a send and a purchase or
a refusal happen at once.
"""

from __future__ import annotations

ORDER_OF_COMMITS = """
    CREATE TABLE commits (
      place bigserial PRIMARY KEY, what text NOT NULL, customer_id text NOT NULL, outbox_id bigint);

    -- Deferred to the commit and holding one lock to its very end: places are in the order in
    -- which transactions became visible, whatever locks the product itself takes.
    CREATE FUNCTION note_commit() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM pg_advisory_xact_lock(20261126);
      INSERT INTO commits (what, customer_id, outbox_id) VALUES (
        TG_ARGV[0], NEW.customer_id, (to_jsonb(NEW) ->> 'outbox_id')::bigint);
      RETURN NULL;
    END $$;

    CREATE CONSTRAINT TRIGGER sending AFTER UPDATE ON outbox DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW WHEN (NEW.state = 'sending' AND OLD.state <> 'sending')
      EXECUTE FUNCTION note_commit('sending');
    CREATE CONSTRAINT TRIGGER refused AFTER INSERT ON consents DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW WHEN (NEW.action IN ('withdrawn', 'refused'))
      EXECUTE FUNCTION note_commit('refused');
    CREATE CONSTRAINT TRIGGER bought AFTER INSERT ON orders DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION note_commit('bought');
"""
