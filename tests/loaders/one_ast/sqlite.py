"""The schema of `sqlite.prisma`, as SQLModel classes."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, Relationship, SQLModel


class Customer(SQLModel, table=True):
    __tablename__ = "customer"
    __table_args__ = (
        sa.Index("customer_email_key", "email", unique=True),
        sa.Index("customer_nickname_active_key", "nickname", "active", unique=True),
        sa.Index("customer_joined_idx", "joined"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(sa_type=sa.Text)
    nickname: str | None = Field(default=None, sa_type=sa.Text)
    active: bool = Field(sa_column_kwargs={"server_default": sa.true()})
    joined: datetime = Field(sa_column_kwargs={"server_default": sa.func.now()})
    visits: int = Field(sa_type=sa.BigInteger, sa_column_kwargs={"server_default": "0"})
    rating: float | None = Field(default=None, sa_type=sa.REAL)
    orders: list["Purchase"] = Relationship(back_populates="customer")


class Purchase(SQLModel, table=True):
    __table_args__ = (
        sa.Index("purchase_customer_id_number_key", "customer_id", "number", unique=True),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(sa_type=sa.Text)
    note: str = Field(sa_type=sa.Text, sa_column_kwargs={"server_default": "none"})
    photo: bytes | None = None
    customer_id: int = Field(
        sa_column=sa.Column(
            sa.ForeignKey("customer.id", name="purchase_customer_id_fkey", ondelete="CASCADE"),
            nullable=False,
        )
    )
    previous_id: int | None = Field(
        default=None,
        sa_column=sa.Column(
            sa.ForeignKey("purchase.id", name="purchase_previous_id_fkey", ondelete="SET NULL")
        ),
    )
    customer: Customer = Relationship(back_populates="orders")


class Line(SQLModel, table=True):
    purchase_id: int = Field(primary_key=True)
    position: int = Field(primary_key=True)
    quantity: int
