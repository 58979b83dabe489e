DO $$ BEGIN CREATE TYPE k AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN null; END $$;
DO $$ BEGIN CREATE TYPE k AS ENUM ('a', 'b'); EXCEPTION WHEN duplicate_object THEN null; END $$;
CREATE TABLE t (id int, k k);
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 't_u') THEN ALTER TABLE t ADD CONSTRAINT t_u UNIQUE (id); END IF; END $$;
DO $$ BEGIN ALTER TABLE t ADD CONSTRAINT t_u UNIQUE (id); EXCEPTION WHEN duplicate_table THEN NULL; WHEN duplicate_object THEN NULL; END $$;
DO $$ DECLARE first bigint; BEGIN SELECT txid_current() INTO first; CREATE TABLE made_later (id int); END $$;
