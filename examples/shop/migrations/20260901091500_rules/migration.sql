-- Written by hand: the rules of business_rules.md that Prisma's language has no words for.

-- BR-09
ALTER TABLE "Product" ADD CONSTRAINT "Product_price_check" CHECK ("price" >= 0);

-- BR-20
ALTER TABLE "Voucher" ADD CONSTRAINT "Voucher_value_check"
    CHECK (num_nonnulls("percentOff", "amountOff") = 1);

-- BR-21
ALTER TABLE "Return" ADD CONSTRAINT "Return_outcome_check"
    CHECK (num_nonnulls("refund", "replacementId") <= 1);

-- BR-15
CREATE FUNCTION refuse_order_status() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW."status" <> 'DRAFT' THEN
            RAISE EXCEPTION 'an order starts as DRAFT, not as %', NEW."status";
        END IF;
    ELSIF NOT (
        NEW."status" = OLD."status"
        OR (OLD."status" = 'DRAFT' AND NEW."status" IN ('PLACED', 'CANCELLED'))
        OR (OLD."status" = 'PLACED' AND NEW."status" IN ('PAID', 'CANCELLED'))
        OR (OLD."status" = 'PAID' AND NEW."status" = 'SHIPPED')
    ) THEN
        RAISE EXCEPTION 'an order that is % does not become %', OLD."status", NEW."status";
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER order_status BEFORE INSERT OR UPDATE ON "orders"
    FOR EACH ROW EXECUTE FUNCTION refuse_order_status();

-- BR-22
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on "%" is not allowed: its rows stay as they are', TG_OP, TG_TABLE_NAME;
END;
$$;

CREATE TRIGGER ledger_entry_stays BEFORE UPDATE OR DELETE ON "LedgerEntry"
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER ledger_stays BEFORE TRUNCATE ON "LedgerEntry"
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- BR-23
CREATE TRIGGER order_number_stays BEFORE UPDATE ON "orders"
    FOR EACH ROW WHEN (OLD."number" IS DISTINCT FROM NEW."number")
    EXECUTE FUNCTION refuse_change();
