-- Everything that Prisma and PostgreSQL's DDL share; the same as `postgresql.prisma`.
CREATE EXTENSION IF NOT EXISTS citext;
CREATE SCHEMA sales;

CREATE TYPE order_status AS ENUM ('draft', 'paid out');
CREATE TYPE sales."Kind" AS ENUM ('RETAIL', 'TRADE');

CREATE TABLE customers (
  id         uuid NOT NULL DEFAULT gen_random_uuid(),
  email      character varying(80) NOT NULL,
  login      citext NOT NULL,
  nickname   text,
  phone      text,
  code       character(3) NOT NULL,
  letter     char,
  name       varchar,
  rank       int2 NOT NULL,
  visits     int8 NOT NULL DEFAULT 0,
  level      int NOT NULL DEFAULT -1,
  object     oid,
  rating     float8,
  weight     float4,
  credit     numeric(12, 2) NOT NULL DEFAULT 0.50,
  exact      numeric(65, 30) NOT NULL,
  cash       money,
  active     bool NOT NULL DEFAULT true,
  joined     timestamp(6) with time zone NOT NULL DEFAULT now(),
  seen       timestamp(3),
  deleted_at timestamp(0) without time zone,
  birthday   date,
  since      timestamptz(3) NOT NULL DEFAULT '2020-01-01 00:00:00 +00:00',
  opens      time(0),
  closes     time(3) with time zone,
  photo      bytea,
  token      bytea NOT NULL DEFAULT '\x010203',
  settings   jsonb NOT NULL DEFAULT '{"a": [1, 2]}',
  history    json,
  address    inet,
  bits       bit(4),
  flags      bit varying(8),
  page       xml,
  note       text NOT NULL DEFAULT 'it''s "new"',
  status     order_status NOT NULL DEFAULT 'paid out',
  kind       sales."Kind",
  kinds      sales."Kind"[] DEFAULT ARRAY['RETAIL']::sales."Kind"[],
  tags       text[],
  scores     integer[] DEFAULT ARRAY[1, 2]::INTEGER[],
  prices     numeric(8, 2)[],
  words      tsvector,
  place      circle DEFAULT circle(point(0, 0), 1),
  sequence   serial,
  client     text NOT NULL,
  secret     integer,
  CONSTRAINT customers_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX customers_email_key ON customers (email);
CREATE UNIQUE INDEX one_nickname ON customers (nickname, active);
CREATE UNIQUE INDEX live_phone ON customers (phone) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX ranked ON customers (email ASC, rank DESC);
CREATE INDEX customers_joined_visits_idx ON customers (joined DESC, visits);
CREATE INDEX in_settings ON customers USING gin (settings);
CREATE INDEX by_path ON customers USING gin (settings jsonb_path_ops);
CREATE INDEX customers_address_idx ON customers USING hash (address);
CREATE INDEX by_range ON customers USING brin (joined);
CREATE INDEX like_note ON customers (note text_pattern_ops);
CREATE INDEX called ON customers (phone) WHERE phone IS NOT NULL AND rank > 3;

CREATE TABLE sales.purchases (
  number      bigserial CONSTRAINT purchases_number PRIMARY KEY,
  customer_id uuid NOT NULL,
  tenant      integer NOT NULL,
  product     integer,
  previous_id bigint,
  CONSTRAINT purchases_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers
    ON DELETE CASCADE,
  CONSTRAINT purchases_previous_id_fkey FOREIGN KEY (previous_id)
    REFERENCES sales.purchases (number) ON DELETE SET DEFAULT ON UPDATE SET NULL
);
CREATE UNIQUE INDEX purchases_previous_id_key ON sales.purchases (previous_id);

CREATE TABLE "Product" (
  tenant integer,
  number integer,
  parent integer,
  title  varchar(30) NOT NULL DEFAULT '',
  label  integer NOT NULL,
  PRIMARY KEY (tenant, number),
  FOREIGN KEY (tenant, parent) REFERENCES "Product" (tenant, number) ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "Product_label_key" ON "Product" (label);
ALTER TABLE sales.purchases ADD CONSTRAINT of_product FOREIGN KEY (tenant, product)
  REFERENCES "Product" (tenant, number) ON DELETE NO ACTION ON UPDATE RESTRICT;

CREATE TABLE sales."Category" (
  id        integer PRIMARY KEY,
  label     text NOT NULL,
  "ownerId" integer REFERENCES sales."Category" ON DELETE SET NULL ON UPDATE CASCADE,
  required  integer NOT NULL REFERENCES sales."Category" ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX one_label ON sales."Category" (label DESC);

CREATE TABLE "log lines" (
  id   integer NOT NULL,
  text text NOT NULL,
  CONSTRAINT "log lines_pkey" PRIMARY KEY (id)
);

CREATE TABLE sales."_CategoryToCustomer" (
  "A" integer NOT NULL REFERENCES sales."Category" ON DELETE CASCADE ON UPDATE CASCADE,
  "B" uuid NOT NULL REFERENCES customers ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "_CategoryToCustomer_AB_pkey" PRIMARY KEY ("A", "B")
);
CREATE INDEX "_CategoryToCustomer_B_index" ON sales."_CategoryToCustomer" ("B");

CREATE TABLE _friends (
  "A" uuid NOT NULL REFERENCES customers ON DELETE CASCADE ON UPDATE CASCADE,
  "B" uuid NOT NULL REFERENCES customers ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "_friends_AB_pkey" PRIMARY KEY ("A", "B")
);
CREATE INDEX "_friends_B_index" ON _friends ("B");

CREATE TABLE sales._hated (
  "A" integer NOT NULL REFERENCES sales."Category" ON DELETE CASCADE ON UPDATE CASCADE,
  "B" uuid NOT NULL REFERENCES customers ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "_hated_AB_pkey" PRIMARY KEY ("A", "B")
);
CREATE INDEX "_hated_B_index" ON sales._hated ("B");

CREATE VIEW sales.sold AS SELECT number, customer_id FROM sales.purchases;
