-- Everything that models and PostgreSQL's DDL share; the same as `postgresql.py`.
CREATE EXTENSION IF NOT EXISTS citext;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE SCHEMA sales;

CREATE TYPE status AS ENUM ('DRAFT', 'PAID');
CREATE TYPE "kind" AS ENUM ('retail', 'trade');
CREATE TYPE stored_status AS ENUM ('draft', 'paid');

CREATE TABLE customers (
  id         uuid NOT NULL DEFAULT gen_random_uuid() CONSTRAINT pk_customers PRIMARY KEY,
  tenant     integer NOT NULL,
  email      varchar(80) NOT NULL,
  nickname   character varying,
  phone      text,
  rank       int2 NOT NULL,
  active     bool NOT NULL DEFAULT true,
  joined     timestamptz NOT NULL DEFAULT now(),
  seen       timestamp,
  deleted_at timestamp with time zone,
  birthday   date,
  opens      time,
  patience   interval,
  visits     int8 NOT NULL DEFAULT 0,
  rating     float8,
  score      double precision,
  weight     real,
  credit     decimal(12, 2) NOT NULL DEFAULT 0.00,
  exact      numeric,
  photo      bytea,
  code       character(3) NOT NULL,
  note       text NOT NULL DEFAULT 'it''s new',
  settings   jsonb NOT NULL DEFAULT '{}',
  history    json,
  tags       text[] NOT NULL DEFAULT '{}'::text[],
  grid       integer ARRAY,
  address    inet,
  mac        macaddr,
  login      citext,
  words      tsvector,
  bits       bit(4),
  flags      varbit(8),
  status     status NOT NULL DEFAULT 'DRAFT',
  kind       "kind",
  size       varchar(1),
  loose      varchar(12),
  stored     stored_status NOT NULL DEFAULT 'paid',
  many       "kind"[] NOT NULL,
  sorted     varchar(20) COLLATE "C",
  shout      text GENERATED ALWAYS AS (upper(note)) STORED,
  CONSTRAINT uq_customers_email UNIQUE (email, tenant),
  CONSTRAINT one_nickname UNIQUE NULLS NOT DISTINCT (nickname),
  CONSTRAINT one_rank UNIQUE (rank) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT ck_customers_email_is_long CHECK (length(email) > 3),
  CONSTRAINT ck_customers_visits_count CHECK (visits >= 0),
  CONSTRAINT ck_customers_sizes CHECK (size IN ('S', 'L'))
);
COMMENT ON TABLE customers IS 'Who buys.';
COMMENT ON COLUMN customers.birthday IS 'May be unknown.';
CREATE UNIQUE INDEX live_phone ON customers (phone) WHERE deleted_at IS NULL;
CREATE INDEX live_joined ON customers USING btree (joined) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX lower_email ON customers (lower(email));
CREATE INDEX recent ON customers (joined DESC, visits ASC);
CREATE UNIQUE INDEX one_phone ON customers (phone, tenant) NULLS NOT DISTINCT;
CREATE INDEX in_settings ON customers USING gin (settings);
CREATE INDEX in_tags ON customers USING GIN (tags);
CREATE INDEX by_address ON customers USING hash (address);
CREATE INDEX like_email ON customers (email text_pattern_ops);
CREATE INDEX in_german ON customers (note COLLATE "de-x-icu" DESC);
CREATE INDEX note_and_code ON customers (lower(note), code);
CREATE INDEX ix_customers_email ON customers (email);

CREATE TABLE tenants (
  id        serial NOT NULL,
  name      varchar NOT NULL CONSTRAINT uq_tenants_name UNIQUE,
  slug      varchar NOT NULL,
  favourite uuid,
  CONSTRAINT pk_tenants PRIMARY KEY (id),
  CONSTRAINT the_favourite FOREIGN KEY (favourite) REFERENCES customers ON DELETE SET NULL
);
COMMENT ON TABLE tenants IS 'Who pays for all of it.';
CREATE UNIQUE INDEX ix_tenants_slug ON tenants (slug);
ALTER TABLE customers ADD CONSTRAINT fk_customers_tenant_tenants
  FOREIGN KEY (tenant) REFERENCES tenants (id) ON DELETE CASCADE;

CREATE TABLE products (
  tenant        integer NOT NULL,
  number        integer NOT NULL,
  parent_tenant integer,
  parent_number integer,
  title         varchar NOT NULL,
  CONSTRAINT pk_products PRIMARY KEY (tenant, number),
  CONSTRAINT fk_products_tenant_tenants FOREIGN KEY (tenant) REFERENCES tenants,
  CONSTRAINT parent FOREIGN KEY (parent_tenant, parent_number) REFERENCES products
    MATCH FULL ON UPDATE SET DEFAULT
);

CREATE TABLE sales.purchases (
  number      bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT purchases_number PRIMARY KEY,
  customer_id uuid NOT NULL,
  tenant      integer NOT NULL,
  product     integer NOT NULL,
  previous    bigint CONSTRAINT fk_purchases_previous_purchases
                REFERENCES sales.purchases ON DELETE SET NULL,
  during      tstzrange NOT NULL,
  CONSTRAINT of_customer FOREIGN KEY (customer_id) REFERENCES public.customers (id)
    ON DELETE RESTRICT ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT fk_purchases_tenant_products FOREIGN KEY (tenant, product)
    REFERENCES products (tenant, number) DEFERRABLE,
  CONSTRAINT one_at_a_time EXCLUDE USING gist (product WITH =, during WITH &&) WHERE (product > 0)
);
COMMENT ON TABLE sales.purchases IS 'What was bought.';

CREATE TABLE tags (
  id    bigserial CONSTRAINT pk_tags PRIMARY KEY,
  label varchar(30) NOT NULL,
  CONSTRAINT uq_tags_label UNIQUE (label)
);

CREATE TABLE product_tags (
  tag_id  bigint NOT NULL,
  tenant  integer NOT NULL,
  product integer NOT NULL,
  CONSTRAINT pk_product_tags PRIMARY KEY (tag_id, tenant, product),
  CONSTRAINT fk_product_tags_tag_id_tags FOREIGN KEY (tag_id) REFERENCES tags ON DELETE CASCADE,
  CONSTRAINT fk_product_tags_tenant_products FOREIGN KEY (tenant, product) REFERENCES products
);

CREATE TABLE stock (
  id      integer GENERATED BY DEFAULT AS IDENTITY,
  place   varchar(12) NOT NULL DEFAULT 'shelf',
  amount  numeric(8, 3) NOT NULL CONSTRAINT ck_stock_amount_is_there CHECK (amount >= 0),
  counted timestamp without time zone DEFAULT CURRENT_TIMESTAMP,
  next_id integer,
  CONSTRAINT pk_stock PRIMARY KEY (id),
  CONSTRAINT fk_stock_next_id_stock FOREIGN KEY (next_id) REFERENCES stock (id)
    ON DELETE SET DEFAULT
);
CREATE INDEX by_place ON stock (place DESC, amount);

CREATE TABLE seen_products (
  customer uuid NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
  what     varchar NOT NULL,
  times    integer NOT NULL DEFAULT 1,
  CONSTRAINT pk_seen_products PRIMARY KEY (customer, what)
);
ALTER TABLE seen_products
  RENAME CONSTRAINT seen_products_customer_fkey TO fk_seen_products_customer_customers;
