-- The schema of postgresql.prisma, as DDL.
CREATE TYPE status AS ENUM ('draft', 'paid');

CREATE TABLE customer (
  id       uuid             NOT NULL,
  email    varchar(80)      NOT NULL,
  nickname text,
  active   boolean          NOT NULL DEFAULT true,
  joined   timestamptz      NOT NULL DEFAULT now(),
  birthday date,
  visits   bigint           NOT NULL DEFAULT 0,
  rating   double precision,
  settings jsonb            NOT NULL,
  CONSTRAINT customer_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX customer_email_key ON customer (email);
CREATE INDEX customer_joined_visits_idx ON customer (joined, visits);

CREATE TABLE purchase (
  number      text          NOT NULL,
  status      status        NOT NULL DEFAULT 'draft',
  total       numeric(10,2) NOT NULL,
  quantity    smallint      NOT NULL,
  customer_id uuid          NOT NULL,
  CONSTRAINT purchase_pkey PRIMARY KEY (number),
  CONSTRAINT purchase_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customer (id)
    ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX purchase_customer_id_status_key ON purchase (customer_id, status);
