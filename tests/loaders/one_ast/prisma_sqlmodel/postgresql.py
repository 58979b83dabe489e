"""Everything that Prisma and models share on PostgreSQL; the same as `postgresql.prisma`."""

from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any, Optional
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlmodel import Field, Relationship, SQLModel


class Status(Enum):
    draft = "draft"
    paid = "paid out"


class Kind(Enum):
    retail = 1
    trade = 2


_CategoryToCustomer = sa.Table(
    "_CategoryToCustomer",
    SQLModel.metadata,
    sa.Column("A", sa.Integer, nullable=False),
    sa.Column("B", sa.Uuid, nullable=False),
    sa.PrimaryKeyConstraint("A", "B", name="_CategoryToCustomer_AB_pkey"),
    sa.ForeignKeyConstraint(
        ["A"],
        ["sales.Category.id"],
        name="_CategoryToCustomer_A_fkey",
        ondelete="CASCADE",
        onupdate="CASCADE",
    ),
    sa.ForeignKeyConstraint(
        ["B"],
        ["customers.id"],
        name="_CategoryToCustomer_B_fkey",
        ondelete="CASCADE",
        onupdate="CASCADE",
    ),
    sa.Index("_CategoryToCustomer_B_index", "B"),
    schema="sales",
)


class Customer(SQLModel, table=True):
    """Who buys."""

    __tablename__ = "customers"
    __table_args__ = (
        sa.PrimaryKeyConstraint("id", name="customers_pkey"),
        sa.Index("customers_email_key", "email", unique=True),
        sa.Index("one_nickname", "nickname", "active", unique=True),
        sa.Index(
            "live_phone", "phone", unique=True, postgresql_where=sa.text("deleted_at IS NULL")
        ),
        sa.Index("ranked", "email", sa.desc("rank"), unique=True),
        sa.Index("customers_joined_visits_idx", sa.text("joined DESC"), "visits"),
        sa.Index("in_settings", "settings", postgresql_using="gin"),
        sa.Index(
            "by_path",
            "settings",
            postgresql_using="gin",
            postgresql_ops={"settings": "jsonb_path_ops"},
        ),
        sa.Index("customers_address_idx", "address", postgresql_using="hash"),
        sa.Index("by_range", "joined", postgresql_using="brin"),
        sa.Index("like_note", "note", postgresql_ops={"note": "text_pattern_ops"}),
        sa.Index("called", "phone", postgresql_where="phone IS NOT NULL AND rank > 3"),
    )

    id: UUID = Field(sa_column_kwargs={"server_default": sa.func.gen_random_uuid()})
    email: str = Field(max_length=80)
    login: str = Field(sa_type=pg.CITEXT)
    nickname: str | None = Field(default=None, sa_type=sa.Text)
    phone: str | None = Field(default=None, sa_type=sa.Text)
    code: str = Field(sa_type=sa.CHAR(3))
    name: Optional[str] = None
    rank: int = Field(sa_type=sa.SmallInteger)
    visits: int = Field(sa_type=sa.BigInteger, sa_column_kwargs={"server_default": "0"})
    level: int = Field(sa_column_kwargs={"server_default": sa.text("-1")})
    object: int | None = Field(default=None, sa_type=pg.OID)
    rating: float | None = Field(default=None, sa_type=sa.Double)
    weight: float | None = Field(default=None, sa_type=sa.REAL)
    credit: Decimal = Field(
        max_digits=12, decimal_places=2, sa_column_kwargs={"server_default": sa.text("0.50")}
    )
    cash: Decimal | None = Field(default=None, sa_type=pg.MONEY)
    active: bool = Field(sa_column_kwargs={"server_default": sa.true()})
    joined: datetime = Field(
        sa_type=sa.DateTime(timezone=True), sa_column_kwargs={"server_default": sa.func.now()}
    )
    seen: datetime | None = Field(
        default=None, sa_type=sa.DateTime, sa_column_kwargs={"onupdate": sa.func.now()}
    )
    deletedAt: datetime | None = Field(
        default=None, sa_column=sa.Column("deleted_at", pg.TIMESTAMP(precision=0))
    )
    birthday: date | None = None
    since: datetime = Field(
        sa_type=pg.TIMESTAMP(timezone=True, precision=3),
        sa_column_kwargs={"server_default": "2020-01-01 00:00:00 +00:00"},
    )
    opens: time | None = Field(default=None, sa_type=pg.TIME(precision=0))
    closes: time | None = Field(default=None, sa_type=pg.TIME(timezone=True, precision=3))
    photo: bytes | None = None
    token: bytes = Field(sa_column_kwargs={"server_default": sa.text(r"'\x010203'")})
    settings: dict[str, Any] = Field(
        sa_type=pg.JSONB, sa_column_kwargs={"server_default": '{"a": [1, 2]}'}
    )
    history: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON)
    address: str | None = Field(default=None, sa_type=pg.INET)
    bits: str | None = Field(default=None, sa_type=pg.BIT(4))
    flags: str | None = Field(default=None, sa_type=pg.BIT(8, varying=True))
    note: str = Field(sa_type=sa.Text, sa_column_kwargs={"server_default": 'it\'s "new"'})
    status: Status = Field(
        sa_type=sa.Enum(
            Status, name="order_status", values_callable=lambda all: [one.value for one in all]
        ),
        sa_column_kwargs={"server_default": "paid out"},
    )
    kind: Kind | None = Field(default=None, sa_type=sa.Enum(Kind, schema="sales"))
    kinds: list[Kind] = Field(
        sa_column=sa.Column(pg.ARRAY(sa.Enum(Kind, schema="sales")), nullable=True)
    )
    tags: list[str] = Field(sa_column=sa.Column(sa.ARRAY(sa.Text)))
    scores: list[int] = Field(
        sa_column=sa.Column(
            pg.ARRAY(sa.Integer), server_default=sa.text("ARRAY[1, 2]::INTEGER[]"), nullable=True
        )
    )
    words: str | None = Field(default=None, sa_type=pg.TSVECTOR)
    key: UUID = Field(default_factory=uuid4)
    purchases: list["Purchase"] = Relationship(back_populates="customer")
    likes: list["Category"] = Relationship(
        back_populates="likedBy", sa_relationship_kwargs={"secondary": _CategoryToCustomer}
    )


class Purchase(SQLModel, table=True):
    __tablename__ = "purchases"
    __table_args__ = (
        sa.PrimaryKeyConstraint("number", name="purchases_number"),
        sa.ForeignKeyConstraint(
            ["tenant", "product"],
            ["Product.tenant", "Product.number"],
            name="of_product",
            onupdate="RESTRICT",
        ),
        sa.Index("purchases_previous_id_key", "previous_id", unique=True),
        {"schema": "sales"},
    )

    number: int = Field(sa_type=sa.BigInteger)
    customerId: UUID = Field(
        sa_column=sa.Column(
            "customer_id",
            sa.ForeignKey("customers.id", name="purchases_customer_id_fkey", ondelete="CASCADE"),
            nullable=False,
        )
    )
    tenant: int
    product: int | None = None
    previousId: int | None = Field(
        default=None,
        sa_column=sa.Column(
            "previous_id",
            sa.ForeignKey(
                "sales.purchases.number",
                name="purchases_previous_id_fkey",
                ondelete="SET DEFAULT",
                onupdate="SET NULL",
            ),
        ),
    )
    customer: Customer = Relationship(back_populates="purchases")
    of: Optional["Product"] = Relationship(back_populates="purchases")
    previous: Optional["Purchase"] = Relationship(
        back_populates="next", sa_relationship_kwargs={"remote_side": "Purchase.number"}
    )
    next: Optional["Purchase"] = Relationship(
        back_populates="previous", sa_relationship_kwargs={"uselist": False}
    )


class Product(SQLModel, table=True):
    __tablename__ = "Product"
    __table_args__ = (
        sa.PrimaryKeyConstraint("tenant", "number", name="Product_pkey"),
        sa.Index("Product_label_key", "label", unique=True),
    )

    tenant: int
    number: int
    title: str = Field(max_length=30, sa_column_kwargs={"server_default": ""})
    label: int
    purchases: list[Purchase] = Relationship(back_populates="of")


class Category(SQLModel, table=True):
    __tablename__ = "Category"
    __table_args__ = (
        sa.PrimaryKeyConstraint("id", name="Category_pkey"),
        sa.Index("one_label", sa.desc("label"), unique=True),
        {"schema": "sales"},
    )

    id: int
    label: str = Field(sa_type=sa.Text)
    ownerId: int | None = Field(
        default=None,
        sa_column=sa.Column(
            sa.ForeignKey(
                "sales.Category.id",
                name="Category_ownerId_fkey",
                ondelete="SET NULL",
                onupdate="CASCADE",
            )
        ),
    )
    owner: Optional["Category"] = Relationship(
        back_populates="owns", sa_relationship_kwargs={"remote_side": "Category.id"}
    )
    owns: list["Category"] = Relationship(back_populates="owner")
    likedBy: list[Customer] = Relationship(
        back_populates="likes", sa_relationship_kwargs={"secondary": _CategoryToCustomer}
    )
