"""Everything that models and PostgreSQL's DDL share; the same as `postgresql.sql`."""

import enum
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Optional
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlmodel import Field, Relationship, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Status(str, enum.Enum):
    DRAFT = "draft"
    PAID = "paid"


class Kind(enum.Enum):
    retail = 1
    trade = 2


class Size(enum.Enum):
    S = "small"
    L = "large"


class Customer(SQLModel, table=True):
    __tablename__ = "customers"
    __table_args__ = (
        sa.UniqueConstraint("email", "tenant"),
        sa.UniqueConstraint("nickname", name="one_nickname", postgresql_nulls_not_distinct=True),
        sa.UniqueConstraint("rank", name="one_rank", deferrable=True, initially="DEFERRED"),
        sa.CheckConstraint("length(email) > 3", name="email_is_long"),
        sa.CheckConstraint(sa.column("visits") >= 0, name="visits_count"),
        sa.Index(
            "live_phone", "phone", unique=True, postgresql_where=sa.text("deleted_at IS NULL")
        ),
        sa.Index("live_joined", "joined", postgresql_where=sa.text("deleted_at IS NULL")),
        sa.Index("lower_email", sa.text("lower(email)"), unique=True),
        sa.Index("recent", sa.desc("joined"), "visits"),
        sa.Index(
            "one_phone",
            "phone",
            "tenant",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        sa.Index("in_settings", "settings", postgresql_using="gin"),
        sa.Index("in_tags", "tags", postgresql_using="gin"),
        sa.Index("by_address", "address", postgresql_using="hash"),
        sa.Index("like_email", "email", postgresql_ops={"email": "text_pattern_ops"}),
        sa.Index("in_german", sa.text('note COLLATE "de-x-icu" DESC')),
        sa.Index("note_and_code", sa.func.lower(sa.column("note")), sa.text("code")),
        {"comment": "Who buys."},
    )

    id: UUID = Field(
        primary_key=True, sa_column_kwargs={"server_default": sa.text("gen_random_uuid()")}
    )
    tenant: int = Field(foreign_key="tenants.id", ondelete="CASCADE")
    email: str = Field(max_length=80, index=True)
    nickname: str | None = None
    phone: str | None = Field(default=None, sa_type=sa.Text)
    rank: int = Field(sa_type=sa.SmallInteger)
    active: bool = Field(sa_column_kwargs={"server_default": sa.true()})
    joined: datetime = Field(
        sa_type=sa.DateTime(timezone=True), sa_column_kwargs={"server_default": sa.func.now()}
    )
    seen: datetime | None = Field(default=None, sa_type=sa.DateTime(timezone=False))
    deleted_at: datetime | None = None
    birthday: date | None = Field(default=None, sa_column_kwargs={"comment": "May be unknown."})
    opens: time | None = None
    patience: timedelta | None = Field(default=None, sa_type=sa.Interval)
    visits: int = Field(sa_type=sa.BigInteger, sa_column_kwargs={"server_default": "0"})
    rating: float | None = None
    score: float | None = Field(default=None, sa_type=sa.Double)
    weight: float | None = Field(default=None, sa_type=sa.REAL)
    credit: Decimal = Field(
        max_digits=12, decimal_places=2, sa_column_kwargs={"server_default": sa.text("0.00")}
    )
    exact: Decimal | None = None
    photo: bytes | None = None
    code: str = Field(sa_type=sa.CHAR(3))
    note: str = Field(sa_type=sa.Text, sa_column_kwargs={"server_default": "it's new"})
    settings: dict = Field(sa_type=pg.JSONB, sa_column_kwargs={"server_default": "{}"})
    history: dict | None = Field(default=None, sa_type=sa.JSON)
    tags: list[str] = Field(
        sa_type=pg.ARRAY(sa.Text), sa_column_kwargs={"server_default": sa.text("'{}'::text[]")}
    )
    grid: list[int] | None = Field(default=None, sa_column=sa.Column(sa.ARRAY(sa.Integer)))
    address: str | None = Field(default=None, sa_type=pg.INET)
    mac: str | None = Field(default=None, sa_type=pg.MACADDR)
    login: str | None = Field(default=None, sa_type=pg.CITEXT)
    words: str | None = Field(default=None, sa_type=pg.TSVECTOR)
    bits: str | None = Field(default=None, sa_type=pg.BIT(4))
    flags: str | None = Field(default=None, sa_type=pg.BIT(8, varying=True))
    status: Status = Field(sa_column_kwargs={"server_default": "DRAFT"})
    kind: Kind | None = None
    size: Size | None = Field(
        default=None,
        sa_type=sa.Enum(Size, native_enum=False, create_constraint=True, name="sizes"),
    )
    loose: Size | None = Field(default=None, sa_type=sa.Enum(Size, native_enum=False, length=12))
    stored: Status = Field(
        sa_type=sa.Enum(
            Status, name="stored_status", values_callable=lambda each: [one.value for one in each]
        ),
        sa_column_kwargs={"server_default": "paid"},
    )
    many: list[Kind] = Field(sa_type=pg.ARRAY(sa.Enum(Kind)))
    sorted: str | None = Field(default=None, sa_type=sa.String(20, collation="C"))
    shout: str | None = Field(
        default=None, sa_column=sa.Column(sa.Text, sa.Computed("upper(note)", persisted=True))
    )
    purchases: list["Purchase"] = Relationship(back_populates="customer")


class Tenant(SQLModel, table=True):
    __tablename__ = "tenants"
    __table_args__ = {"comment": "Who pays for all of it."}

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    slug: str = Field(unique=True, index=True)
    favourite: UUID | None = Field(
        default=None,
        sa_column=sa.Column(
            sa.ForeignKey("customers.id", use_alter=True, name="the_favourite", ondelete="SET NULL")
        ),
    )


class Product(SQLModel, table=True):
    __tablename__ = "products"

    tenant: int = Field(primary_key=True, foreign_key="tenants.id")
    number: int = Field(primary_key=True)
    parent_tenant: int | None = None
    parent_number: int | None = None
    title: str

    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["parent_tenant", "parent_number"],
            ["products.tenant", "products.number"],
            name="parent",
            ondelete="NO ACTION",
            onupdate="SET DEFAULT",
            match="FULL",
        ),
    )


class Purchase(SQLModel, table=True):
    __tablename__ = "purchases"
    __table_args__ = (
        sa.PrimaryKeyConstraint("number", name="purchases_number"),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name="of_customer",
            ondelete="RESTRICT",
            onupdate="CASCADE",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "product"],
            ["products.tenant", "products.number"],
            deferrable=True,
            initially="IMMEDIATE",
        ),
        pg.ExcludeConstraint(
            (sa.column("product"), "="),
            (sa.column("during"), "&&"),
            name="one_at_a_time",
            where=sa.text("product > 0"),
            using="gist",
        ),
        {"schema": "sales", "comment": "What was bought."},
    )

    number: int = Field(sa_column=sa.Column(sa.BigInteger, sa.Identity(always=True)))
    customer_id: UUID
    tenant: int
    product: int
    previous: int | None = Field(
        default=None,
        sa_type=sa.BigInteger,
        foreign_key="sales.purchases.number",
        ondelete="SET NULL",
    )
    during: str = Field(sa_column=sa.Column(pg.TSTZRANGE, nullable=False))
    customer: Customer = Relationship(back_populates="purchases")


class Tag(SQLModel, table=True):
    __tablename__ = "tags"

    id: int | None = Field(default=None, sa_type=sa.BigInteger, primary_key=True)
    label: str = Field(sa_column=sa.Column(sa.String(30), unique=True, nullable=False))


class ProductTag(SQLModel, table=True):
    __tablename__ = "product_tags"

    tag_id: int = Field(
        sa_type=sa.BigInteger, foreign_key="tags.id", primary_key=True, ondelete="CASCADE"
    )
    tenant: int = Field(primary_key=True)
    product: int = Field(primary_key=True)

    __table_args__ = (
        sa.ForeignKeyConstraint(["tenant", "product"], ["products.tenant", "products.number"]),
    )


class Base(DeclarativeBase):
    metadata = SQLModel.metadata


class Stock(Base):
    __tablename__ = "stock"

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    place: Mapped[str] = mapped_column(sa.String(12), default="shelf", server_default="shelf")
    amount: Mapped[Decimal] = mapped_column(
        sa.Numeric(8, 3), sa.CheckConstraint("amount >= 0", name="amount_is_there")
    )
    counted: Mapped[Optional[datetime]] = mapped_column(
        server_default=sa.text("CURRENT_TIMESTAMP"), onupdate=sa.func.now()
    )
    next_id: Mapped[Optional[int]] = mapped_column(
        sa.ForeignKey("stock.id", ondelete="SET DEFAULT")
    )
    next: Mapped[Optional["Stock"]] = relationship(remote_side=[id])


sa.Index("by_place", Stock.place.desc(), Stock.amount)

seen_products = sa.Table(
    "seen_products",
    SQLModel.metadata,
    sa.Column("customer", sa.ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("what", sa.String, primary_key=True),
    sa.Column("times", sa.Integer, server_default=sa.literal(1), nullable=False),
)
