-- The schema of sqlite.prisma, as DDL.
CREATE TABLE customer (
  id       INTEGER  NOT NULL PRIMARY KEY AUTOINCREMENT,
  email    TEXT     NOT NULL,
  nickname TEXT,
  active   BOOLEAN  NOT NULL DEFAULT true,
  joined   DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  visits   BIGINT   NOT NULL DEFAULT 0,
  rating   REAL
);
CREATE UNIQUE INDEX customer_email_key ON customer (email);
CREATE UNIQUE INDEX customer_nickname_active_key ON customer (nickname, active);
CREATE INDEX customer_joined_idx ON customer (joined);

CREATE TABLE purchase (
  id          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  number      TEXT    NOT NULL,
  note        TEXT    NOT NULL DEFAULT 'none',
  photo       BLOB,
  customer_id INTEGER NOT NULL,
  previous_id INTEGER,
  CONSTRAINT purchase_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customer (id)
    ON DELETE CASCADE,
  CONSTRAINT purchase_previous_id_fkey FOREIGN KEY (previous_id) REFERENCES purchase (id)
    ON DELETE SET NULL
);
CREATE UNIQUE INDEX purchase_customer_id_number_key ON purchase (customer_id, number);

CREATE TABLE line (
  purchase_id INTEGER NOT NULL,
  position    INTEGER NOT NULL,
  quantity    INTEGER NOT NULL,
  PRIMARY KEY (purchase_id, position)
);
