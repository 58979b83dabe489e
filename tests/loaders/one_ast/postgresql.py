"""The schema of `postgresql.prisma`, as SQLModel classes."""

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, Relationship, SQLModel


class Status(Enum):
    draft = "draft"
    paid = "paid"


class Customer(SQLModel, table=True):
    __table_args__ = (
        sa.PrimaryKeyConstraint("id", name="customer_pkey"),
        sa.Index("customer_email_key", "email", unique=True),
        sa.Index("customer_joined_visits_idx", "joined", "visits"),
    )

    id: UUID = Field(primary_key=True)
    email: str = Field(max_length=80)
    nickname: str | None = Field(default=None, sa_type=sa.Text)
    active: bool = Field(sa_column_kwargs={"server_default": sa.true()})
    joined: datetime = Field(
        sa_type=sa.DateTime(timezone=True), sa_column_kwargs={"server_default": sa.func.now()}
    )
    birthday: date | None = None
    visits: int = Field(sa_type=sa.BigInteger, sa_column_kwargs={"server_default": "0"})
    rating: float | None = Field(default=None, sa_type=sa.Double)
    settings: dict = Field(sa_type=JSONB)
    purchases: list["Purchase"] = Relationship(back_populates="customer")


class Purchase(SQLModel, table=True):
    __table_args__ = (
        sa.PrimaryKeyConstraint("number", name="purchase_pkey"),
        sa.Index("purchase_customer_id_status_key", "customer_id", "status", unique=True),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
            name="purchase_customer_id_fkey",
            ondelete="RESTRICT",
            onupdate="CASCADE",
        ),
    )

    number: str = Field(primary_key=True, sa_type=sa.Text)
    status: Status = Field(sa_column_kwargs={"server_default": "draft"})
    total: Decimal = Field(max_digits=10, decimal_places=2)
    quantity: int = Field(sa_type=sa.SmallInteger)
    customer_id: UUID
    customer: Customer = Relationship(back_populates="purchases")
