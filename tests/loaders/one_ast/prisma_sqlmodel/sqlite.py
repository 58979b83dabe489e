"""Everything that Prisma and models share on SQLite; the same as `sqlite.prisma`."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Optional
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import UserDefinedType
from sqlmodel import SQLModel


class Geometry(UserDefinedType):
    """A place."""

    cache_ok = True

    def get_col_spec(self, **_):
        return "GEOMETRY"


class Base(DeclarativeBase):
    metadata = SQLModel.metadata
    type_annotation_map = {str: sa.Text, float: sa.REAL, Decimal: sa.DECIMAL}


class Customer(Base):
    """Who buys."""

    __tablename__ = "customers"
    __table_args__ = (
        sa.Index("one_nickname", "nickname", "active", unique=True),
        sa.Index("live_phone", "phone", unique=True, sqlite_where=sa.text("deleted_at IS NULL")),
        sa.Index("ranked", "email", sa.desc("level"), unique=True),
        sa.Index("customers_joined_visits_idx", sa.text("joined DESC"), "visits"),
        sa.Index("called", "phone", sqlite_where=sa.text("phone IS NOT NULL AND level > 3")),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    nickname: Mapped[Optional[str]]
    phone: Mapped[str | None]
    visits: Mapped[int] = mapped_column(sa.BigInteger, server_default="0")
    level: Mapped[int] = mapped_column(server_default=sa.text("-1"))
    rating: Mapped[float | None]
    ratio: Mapped[float] = mapped_column(server_default=sa.text("1.5"))
    credit: Mapped[Decimal] = mapped_column(server_default=sa.literal_column("0.50"))
    active: Mapped[bool] = mapped_column(server_default=sa.true())
    joined: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    seen: Mapped[datetime | None] = mapped_column(onupdate=datetime.now)
    deletedAt: Mapped[datetime | None] = mapped_column("deleted_at")
    since: Mapped[datetime] = mapped_column(server_default="2020-01-01 00:00:00 +00:00")
    photo: Mapped[bytes | None]
    token: Mapped[bytes] = mapped_column(server_default="010203")
    note: Mapped[str] = mapped_column(server_default='it\'s "new"')
    code: Mapped[str] = mapped_column(server_default=sa.text("(lower(hex(randomblob(8))))"))
    key: Mapped[str] = mapped_column(default=lambda: str(uuid4()))
    words: Mapped[str | None] = mapped_column(Geometry)
    purchases: Mapped[list[Purchase]] = relationship(back_populates="customer")
    likes: Mapped[list[Category]] = relationship(
        secondary=lambda: _CategoryToCustomer, back_populates="likedBy"
    )


sa.Index("customers_email_key", Customer.email, unique=True)


class Purchase(Base):
    __tablename__ = "purchases"

    number: Mapped[str] = mapped_column(primary_key=True)
    customerId: Mapped[int] = mapped_column(
        "customer_id",
        sa.ForeignKey(Customer.id, name="purchases_customer_id_fkey", ondelete="CASCADE"),
    )
    tenant: Mapped[int]
    product: Mapped[int | None]
    previousId: Mapped[str | None] = mapped_column(
        "previous_id",
        sa.ForeignKey(
            "purchases.number",
            name="purchases_previous_id_fkey",
            ondelete="SET DEFAULT",
            onupdate="SET NULL",
        ),
    )
    customer: Mapped[Customer] = relationship(back_populates="purchases")
    of: Mapped[Optional[Product]] = relationship(back_populates="purchases")
    previous: Mapped[Optional[Purchase]] = relationship(remote_side=[number], back_populates="next")
    next: Mapped[Optional[Purchase]] = relationship(back_populates="previous", uselist=False)

    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["tenant", "product"],
            ["Product.tenant", "Product.number"],
            "purchases_tenant_product_fkey",
            "RESTRICT",
        ),
        sa.Index("purchases_previous_id_key", previousId, unique=True),
    )


class Product(Base):
    __tablename__ = "Product"

    tenant: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(server_default="")
    label: Mapped[int] = mapped_column()
    purchases: Mapped[list[Purchase]] = relationship(back_populates="of")

    __table_args__ = (sa.Index("Product_label_key", label, unique=True),)


class Category(Base):
    __tablename__ = "Category"
    __table_args__ = (
        sa.Index("one_label", sa.desc("label"), unique=True),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str]
    ownerId: Mapped[int | None] = mapped_column(
        sa.ForeignKey(
            "Category.id", name="Category_ownerId_fkey", ondelete="SET NULL", onupdate="CASCADE"
        )
    )
    owner: Mapped[Optional[Category]] = relationship(remote_side=[id], back_populates="owns")
    owns: Mapped[list[Category]] = relationship(back_populates="owner")
    likedBy: Mapped[list[Customer]] = relationship(
        secondary=lambda: _CategoryToCustomer, back_populates="likes"
    )


_CategoryToCustomer = sa.Table(
    "_CategoryToCustomer",
    Base.metadata,
    sa.Column(
        "A",
        sa.ForeignKey(
            "Category.id",
            name="_CategoryToCustomer_A_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        nullable=False,
    ),
    sa.Column(
        "B",
        sa.ForeignKey(
            "customers.id",
            name="_CategoryToCustomer_B_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        nullable=False,
    ),
    sa.Index("_CategoryToCustomer_AB_unique", "A", "B", unique=True),
    sa.Index("_CategoryToCustomer_B_index", "B"),
)
