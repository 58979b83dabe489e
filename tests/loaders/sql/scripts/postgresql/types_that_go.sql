-- A default that was written for a type goes with it, though its column is of another type by then.
CREATE TYPE currency AS ENUM ('USD', 'EUR');
CREATE TABLE account (id int PRIMARY KEY, paid_in currency NOT NULL DEFAULT 'USD', many currency[] DEFAULT '{USD}', shown currency DEFAULT 'EUR', kept currency DEFAULT 'EUR');
ALTER TABLE account ALTER COLUMN paid_in TYPE text, ALTER COLUMN many TYPE text[], ALTER COLUMN shown TYPE varchar(3);
ALTER TABLE account ALTER COLUMN kept TYPE text, ALTER COLUMN kept SET DEFAULT 'CHF';
ALTER TABLE account ALTER COLUMN paid_in TYPE varchar(20);
ALTER TABLE account ALTER COLUMN shown SET DEFAULT 'GBP';
ALTER TYPE currency RENAME TO currency_old;
DROP TYPE currency_old CASCADE;
CREATE DOMAIN word AS text CHECK (VALUE <> '');
CREATE TABLE said (id int PRIMARY KEY, w word DEFAULT 'hello');
ALTER TABLE said ALTER COLUMN w TYPE text;
DROP DOMAIN word;
