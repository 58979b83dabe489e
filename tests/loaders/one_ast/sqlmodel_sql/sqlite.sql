-- Everything that models and SQLite's DDL share; the same as `sqlite.py`.
CREATE TABLE customer (
  id         integer NOT NULL CONSTRAINT customer_pk PRIMARY KEY,
  tenant     INTEGER NOT NULL CONSTRAINT customer_tenant_fk REFERENCES tenants ON DELETE CASCADE,
  email      varchar(80) NOT NULL,
  nickname   varchar,
  phone      text,
  "key"      char(32) NOT NULL CONSTRAINT customer_key_key UNIQUE,
  rank       smallint NOT NULL,
  active     boolean NOT NULL DEFAULT 1,
  sure       boolean CONSTRAINT customer_sure_ck CHECK (sure IN (0, 1)),
  joined     datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
  seen       timestamp,
  deleted_at datetime NULL,
  birthday   date,
  opens      time,
  patience   datetime,
  visits     bigint NOT NULL DEFAULT 0,
  rating     float,
  score      double,
  weight     real,
  credit     numeric(12,2) NOT NULL DEFAULT (0.00),
  exact      numeric,
  photo      blob,
  code       char(3) NOT NULL,
  note       text NOT NULL DEFAULT 'it''s new',
  settings   json NOT NULL DEFAULT '{}',
  status     varchar(5) NOT NULL DEFAULT 'DRAFT',
  checked    varchar(5) NOT NULL,
  sorted     varchar(20) COLLATE NOCASE,
  random     integer NOT NULL DEFAULT (abs(random())),
  shout      text AS (upper(note)) VIRTUAL,
  kept       integer GENERATED ALWAYS AS (visits + 1) STORED,
  CONSTRAINT customer_email_tenant_key UNIQUE (email, tenant),
  CONSTRAINT one_nickname UNIQUE (nickname),
  CONSTRAINT customer_email_ck CHECK (length(email) > 3),
  CONSTRAINT customer_visits_ck CHECK (visits >= 0 AND visits < 100),
  CONSTRAINT customer_checked_ck CHECK (checked IN ('draft', 'paid'))
);
CREATE UNIQUE INDEX live_phone ON customer (phone) WHERE deleted_at IS NULL;
CREATE INDEX live_joined ON customer (joined) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX lower_email ON customer (lower(email));
CREATE UNIQUE INDEX same_email ON customer (email COLLATE NOCASE ASC);
CREATE INDEX recent ON customer (joined DESC, visits);
CREATE INDEX doubled ON customer (visits * 2);
CREATE INDEX customer_email_ix ON customer (email);

CREATE TABLE tenants (
  id        INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  name      TEXT NOT NULL,
  slug      TEXT NOT NULL,
  favourite INTEGER,
  CONSTRAINT tenants_name_key UNIQUE (name),
  CONSTRAINT tenants_favourite_fk FOREIGN KEY (favourite) REFERENCES customer (id)
    ON DELETE SET NULL
) STRICT;
CREATE UNIQUE INDEX tenants_slug_ix ON tenants (slug);

CREATE TABLE product (
  tenant        INTEGER NOT NULL,
  number        INTEGER NOT NULL,
  parent_tenant INTEGER,
  parent_number INTEGER,
  title         VARCHAR NOT NULL,
  CONSTRAINT product_pk PRIMARY KEY (tenant, number),
  CONSTRAINT product_tenant_fk FOREIGN KEY (tenant) REFERENCES tenants (id),
  CONSTRAINT parent FOREIGN KEY (parent_tenant, parent_number) REFERENCES product (tenant, number)
    ON UPDATE SET DEFAULT
);

CREATE TABLE purchase (
  number      VARCHAR(12) NOT NULL CONSTRAINT purchase_pk PRIMARY KEY,
  customer_id INTEGER NOT NULL,
  tenant      INTEGER NOT NULL,
  product     INTEGER NOT NULL,
  previous    VARCHAR(12),
  CONSTRAINT purchase_customer_id_fk FOREIGN KEY (customer_id) REFERENCES customer
    ON DELETE RESTRICT ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT of_product FOREIGN KEY (tenant, product) REFERENCES product (tenant, number)
    DEFERRABLE,
  CONSTRAINT purchase_previous_fk FOREIGN KEY (previous) REFERENCES purchase ON DELETE SET NULL
);

CREATE TABLE tags (
  id      BIGINT NOT NULL,
  label   VARCHAR(30) NOT NULL,
  colour  VARCHAR(4) NOT NULL DEFAULT 'red',
  next_id BIGINT CONSTRAINT next REFERENCES tags (id) ON DELETE SET DEFAULT,
  CONSTRAINT tags_pk PRIMARY KEY (id),
  CONSTRAINT tags_label_key UNIQUE (label)
);
CREATE INDEX by_colour ON tags (colour DESC, label);

CREATE TABLE product_tags (
  tag_id  BIGINT NOT NULL CONSTRAINT product_tags_tag_id_fk REFERENCES tags ON DELETE CASCADE,
  tenant  INTEGER NOT NULL,
  product INTEGER NOT NULL,
  times   INTEGER DEFAULT 1 CONSTRAINT product_tags_times_ck CHECK (times > 0),
  CONSTRAINT product_tags_pk PRIMARY KEY (tag_id, tenant, product),
  CONSTRAINT product_tags_tenant_fk FOREIGN KEY (tenant, product)
    REFERENCES product (tenant, number)
) WITHOUT ROWID;
