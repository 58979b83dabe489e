-- Guards that ask what kind of a thing stands under a name, and handlers that raise again.
CREATE TABLE score (id int PRIMARY KEY, place bigint NOT NULL);
CREATE MATERIALIZED VIEW ranked AS SELECT id, place FROM score;
CREATE VIEW shown AS SELECT id FROM score;
DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_class WHERE relname = 'ranked' AND relkind = 'm') THEN DROP MATERIALIZED VIEW ranked; END IF; END $$;
DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_class WHERE relname = 'shown' AND relkind = 'v') THEN DROP VIEW shown; END IF; END $$;
CREATE TABLE ranked (id int PRIMARY KEY, place bigint);
CREATE TABLE shown (id int PRIMARY KEY);
DO $$ BEGIN BEGIN ALTER TABLE shown ADD CONSTRAINT shown_fk FOREIGN KEY (id) REFERENCES score (id) ON DELETE CASCADE; EXCEPTION WHEN duplicate_object THEN NULL; WHEN OTHERS THEN RAISE; END; END $$;
DO $$ BEGIN ALTER TABLE ranked DROP COLUMN place; EXCEPTION WHEN OTHERS THEN RAISE EXCEPTION 'no: %', sqlerrm; END $$;
