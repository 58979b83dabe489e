"""Everything that models and SQLite's DDL share; the same as `sqlite.sql`."""

import enum
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Literal, Optional
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, relationship
from sqlmodel import Field, Relationship, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "%(table_name)s_%(column_0_name)s_ix",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_ck",
    "fk": "%(table_name)s_%(column_0_name)s_fk",
    "pk": "%(table_name)s_pk",
}


class Status(str, enum.Enum):
    DRAFT = "draft"
    PAID = "paid"


class Customer(SQLModel, table=True):
    __table_args__ = (
        sa.UniqueConstraint("email", "tenant"),
        sa.UniqueConstraint("nickname", name="one_nickname"),
        sa.CheckConstraint("length(email) > 3", name="email"),
        sa.CheckConstraint(sa.and_(sa.column("visits") >= 0, sa.column("visits") < 100), "visits"),
        sa.Index("live_phone", "phone", unique=True, sqlite_where=sa.text("deleted_at IS NULL")),
        sa.Index("live_joined", "joined", sqlite_where=sa.text("deleted_at IS NULL")),
        sa.Index("lower_email", sa.func.lower(sa.column("email")), unique=True),
        sa.Index("same_email", sa.text("email COLLATE NOCASE"), unique=True),
        sa.Index("recent", sa.desc("joined"), "visits"),
        sa.Index("doubled", sa.text("visits * 2")),
    )

    id: int | None = Field(default=None, primary_key=True)
    tenant: int = Field(foreign_key="tenants.id", ondelete="CASCADE")
    email: str = Field(max_length=80, index=True)
    nickname: str | None = None
    phone: str | None = Field(default=None, sa_type=sa.Text)
    key: UUID = Field(unique=True)
    rank: int = Field(sa_type=sa.SmallInteger)
    active: bool = Field(sa_column_kwargs={"server_default": sa.true()})
    sure: bool | None = Field(default=None, sa_type=sa.Boolean(create_constraint=True, name="sure"))
    joined: datetime = Field(sa_column_kwargs={"server_default": sa.func.now()})
    seen: datetime | None = Field(
        default=None, sa_type=sa.TIMESTAMP, sa_column_kwargs={"onupdate": sa.func.now()}
    )
    deleted_at: datetime | None = None
    birthday: date | None = None
    opens: time | None = None
    patience: timedelta | None = None
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
    settings: dict = Field(sa_type=sa.JSON, sa_column_kwargs={"server_default": "{}"})
    status: Status = Field(sa_column_kwargs={"server_default": "DRAFT"})
    checked: Status = Field(
        sa_type=sa.Enum(
            Status,
            values_callable=lambda each: [one.value for one in each],
            create_constraint=True,
            name="checked",
        )
    )
    sorted: str | None = Field(default=None, sa_type=sa.String(20, collation="NOCASE"))
    random: int = Field(sa_column_kwargs={"server_default": sa.text("(abs(random()))")})
    shout: str | None = Field(
        default=None, sa_column=sa.Column(sa.Text, sa.Computed("upper(note)"))
    )
    kept: int | None = Field(
        default=None, sa_column=sa.Column(sa.Integer, sa.Computed("visits + 1", persisted=True))
    )
    purchases: list["Purchase"] = Relationship(back_populates="customer")


class Tenant(SQLModel, table=True):
    __tablename__ = "tenants"
    __table_args__ = {"sqlite_autoincrement": True, "sqlite_strict": True}

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(sa_type=sa.Text, unique=True)
    slug: str = Field(sa_type=sa.Text, unique=True, index=True)
    favourite: int | None = Field(default=None, foreign_key="customer.id", ondelete="SET NULL")


class Product(SQLModel, table=True):
    tenant: int = Field(primary_key=True, foreign_key="tenants.id")
    number: int = Field(primary_key=True)
    parent_tenant: int | None = None
    parent_number: int | None = None
    title: str

    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["parent_tenant", "parent_number"],
            ["product.tenant", "product.number"],
            name="parent",
            ondelete="NO ACTION",
            onupdate="SET DEFAULT",
        ),
    )


class Purchase(SQLModel, table=True):
    __table_args__ = (
        sa.PrimaryKeyConstraint("number"),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
            ondelete="RESTRICT",
            onupdate="CASCADE",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "product"],
            ["product.tenant", "product.number"],
            name="of_product",
            deferrable=True,
            initially="IMMEDIATE",
        ),
    )

    number: str = Field(sa_type=sa.String(12))
    customer_id: int
    tenant: int
    product: int
    previous: str | None = Field(
        default=None,
        sa_column=sa.Column(sa.ForeignKey("purchase.number", ondelete="SET NULL")),
    )
    customer: Customer = Relationship(back_populates="purchases")


class Named:
    """What several tables have."""

    @declared_attr.directive
    def __tablename__(cls) -> str:
        return cls.__name__.lower() + "s"


class Base(DeclarativeBase):
    metadata = SQLModel.metadata


label = Annotated[str, mapped_column(sa.String(30), unique=True)]


class Tag(Named, Base):
    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    label: Mapped[label]
    colour: Mapped[Literal["red", "blue"]] = mapped_column(default="red", server_default="red")
    next_id: Mapped[Optional[int]] = mapped_column(
        sa.ForeignKey("tags.id", ondelete="SET DEFAULT", name="next")
    )
    next: Mapped[Optional["Tag"]] = relationship(remote_side=[id])


sa.Index("by_colour", Tag.colour.desc(), Tag.label)

product_tags = sa.Table(
    "product_tags",
    SQLModel.metadata,
    sa.Column("tag_id", sa.ForeignKey(Tag.id, ondelete="CASCADE"), primary_key=True),
    sa.Column("tenant", sa.Integer, primary_key=True),
    sa.Column("product", sa.Integer, primary_key=True),
    sa.Column(
        "times",
        sa.Integer,
        sa.CheckConstraint("times > 0", name="times"),
        server_default=sa.literal(1),
    ),
    sa.ForeignKeyConstraint(["tenant", "product"], ["product.tenant", "product.number"]),
    sqlite_with_rowid=False,
)
