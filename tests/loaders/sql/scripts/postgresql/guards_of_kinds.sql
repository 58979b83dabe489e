-- Guards that ask what kind of a thing stands under a name.
CREATE TABLE score (id int PRIMARY KEY, place bigint NOT NULL);
CREATE MATERIALIZED VIEW ranked AS SELECT id, place FROM score;
CREATE VIEW shown AS SELECT id FROM score;
DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_class WHERE relname = 'ranked' AND relkind = 'm') THEN DROP MATERIALIZED VIEW ranked; END IF; END $$;
DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_class WHERE relname = 'shown' AND relkind = 'v') THEN DROP VIEW shown; END IF; END $$;
CREATE TABLE ranked (id int PRIMARY KEY, place bigint);
CREATE TABLE shown (id int PRIMARY KEY);
