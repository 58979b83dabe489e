CREATE TABLE t (id int PRIMARY KEY, a text UNIQUE);
INSERT INTO t VALUES (1, 'a');
UPDATE pg_index SET indisready = FALSE WHERE indrelid = (SELECT oid FROM pg_class WHERE relname = 't');
INSERT INTO t VALUES (2, 'b');
UPDATE pg_index SET indisready = TRUE WHERE indrelid = (SELECT oid FROM pg_class WHERE relname = 't');
REINDEX TABLE t;
