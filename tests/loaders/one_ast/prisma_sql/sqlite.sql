-- Everything that Prisma and SQLite's DDL share; the same as `sqlite.prisma`.
CREATE TABLE customers (
  id         integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  email      text NOT NULL,
  nickname   text,
  phone      text,
  visits     bigint NOT NULL DEFAULT 0,
  level      integer NOT NULL DEFAULT -1,
  rating     real NULL,
  ratio      real NOT NULL DEFAULT 1.5,
  credit     decimal NOT NULL DEFAULT 0.50,
  active     boolean NOT NULL DEFAULT true,
  joined     datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
  seen       datetime,
  deleted_at datetime,
  since      datetime NOT NULL DEFAULT '2020-01-01 00:00:00 +00:00',
  photo      blob,
  token      blob NOT NULL DEFAULT '010203',
  settings   jsonb,
  note       text NOT NULL DEFAULT 'it''s "new"',
  code       text NOT NULL DEFAULT (lower(hex(randomblob(8)))),
  client     text NOT NULL,
  status     text NOT NULL DEFAULT 'paid out',
  kind       text,
  words      GEOMETRY,
  secret     integer
);
CREATE UNIQUE INDEX customers_email_key ON customers (email);
CREATE UNIQUE INDEX one_nickname ON customers (nickname, active);
CREATE UNIQUE INDEX live_phone ON customers (phone) WHERE deleted_at IS NULL AND active = true;
CREATE UNIQUE INDEX ranked ON customers (email, level DESC);
CREATE INDEX customers_joined_visits_idx ON customers (joined DESC, visits);
CREATE INDEX called ON customers (phone) WHERE phone IS NOT NULL AND level > 3;

CREATE TABLE purchases (
  number      text NOT NULL PRIMARY KEY,
  customer_id integer NOT NULL,
  tenant      integer NOT NULL,
  product     integer,
  previous_id text,
  CONSTRAINT purchases_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT purchases_tenant_product_fkey FOREIGN KEY (tenant, product)
    REFERENCES "Product" (tenant, number) ON UPDATE RESTRICT,
  CONSTRAINT purchases_previous_id_fkey FOREIGN KEY (previous_id) REFERENCES purchases (number)
    ON DELETE SET DEFAULT ON UPDATE SET NULL
);
CREATE UNIQUE INDEX purchases_previous_id_key ON purchases (previous_id);

CREATE TABLE "Product" (
  tenant integer NOT NULL,
  number integer NOT NULL,
  parent integer,
  title  text NOT NULL DEFAULT '',
  label  integer NOT NULL,
  PRIMARY KEY (tenant, number),
  CONSTRAINT "Product_tenant_parent_fkey" FOREIGN KEY (tenant, parent)
    REFERENCES "Product" (tenant, number) ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "Product_label_key" ON "Product" (label);

CREATE TABLE "Category" (
  id        bigint NOT NULL PRIMARY KEY,
  label     text NOT NULL,
  "ownerId" bigint CONSTRAINT "Category_ownerId_fkey" REFERENCES "Category" (id)
              ON DELETE SET NULL ON UPDATE CASCADE,
  required  bigint NOT NULL CONSTRAINT "Category_required_fkey" REFERENCES "Category" (id)
              ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX one_label ON "Category" (label DESC);

CREATE TABLE "log lines" (
  text text NOT NULL,
  line integer NOT NULL
);
CREATE UNIQUE INDEX "log lines_text_line_key" ON "log lines" (text, line);

CREATE TABLE "_CategoryToCustomer" (
  "A" bigint NOT NULL CONSTRAINT "_CategoryToCustomer_A_fkey" REFERENCES "Category" (id)
        ON DELETE CASCADE ON UPDATE CASCADE,
  "B" integer NOT NULL CONSTRAINT "_CategoryToCustomer_B_fkey" REFERENCES customers (id)
        ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "_CategoryToCustomer_AB_unique" ON "_CategoryToCustomer" ("A", "B");
CREATE INDEX "_CategoryToCustomer_B_index" ON "_CategoryToCustomer" ("B");

CREATE TABLE _friends (
  "A" integer NOT NULL CONSTRAINT _friends_A_fkey REFERENCES customers (id)
        ON DELETE CASCADE ON UPDATE CASCADE,
  "B" integer NOT NULL CONSTRAINT _friends_B_fkey REFERENCES customers (id)
        ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "_friends_AB_unique" ON _friends ("A", "B");
CREATE INDEX "_friends_B_index" ON _friends ("B");

CREATE VIEW sold AS SELECT number, customer_id FROM purchases;
