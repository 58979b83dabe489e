-- The names that foreign keys and checks are given are unlike those of all tables of the schema.
CREATE TABLE t (id int PRIMARY KEY);
CREATE TABLE a_b (c int REFERENCES t, CHECK (c > 0));
CREATE TABLE a (b_c int REFERENCES t CHECK (b_c > 1));
CREATE TABLE b (x int CONSTRAINT a_b_c_fkey2 REFERENCES t);
ALTER TABLE a ADD FOREIGN KEY (b_c) REFERENCES t;
CREATE SCHEMA other;
CREATE TABLE other.a_b (c int REFERENCES t, CHECK (c > 0));
ALTER TABLE other.a_b ADD CHECK (c > 1);
ALTER TABLE a_b DROP CONSTRAINT a_b_c_fkey;
CREATE TABLE a_b_c (fkey int);
ALTER TABLE a_b ADD FOREIGN KEY (c) REFERENCES t;
CREATE TABLE a_very_long_name_of_a_table_that_goes_on_and_on_and_on_one (a_reference int REFERENCES t);
CREATE TABLE a_very_long_name_of_a_table_that_goes_on_and_on_and_on_two (a_reference int REFERENCES t);
-- A column that is added to a whole is one of its parts, with its keys and checks.
CREATE TABLE p (id int, y int) PARTITION BY LIST (y);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
ALTER TABLE p ADD COLUMN b int REFERENCES t (id);
ALTER TABLE p ADD COLUMN c int CHECK (c > 0);
CREATE TABLE i (id int);
CREATE TABLE i1 () INHERITS (i);
ALTER TABLE i ADD COLUMN b int REFERENCES t (id) CHECK (b > 0);
