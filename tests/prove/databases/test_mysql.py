"""Throwaway databases of the MySQL family, on a real MariaDB server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from schemalint.model import Dialect
from schemalint.prove.database import Accepted, BuildError, NotProvable, Refused
from schemalint.prove.databases.mysql import Mysql
from tests.prove.servers import MARIADB, MARIADB_URL, left_on_mariadb, mariadb

pytestmark = pytest.mark.server

SHOP = (
    "/*!40101 SET NAMES utf8mb4 */",
    "CREATE DATABASE IF NOT EXISTS shop /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE"
    " utf8mb4_general_ci */",
    "USE shop",
    "CREATE TABLE customer (id int PRIMARY KEY AUTO_INCREMENT, email varchar(20) NOT NULL,"
    " status enum('A', 'B') NOT NULL DEFAULT 'A', age int, made datetime NOT NULL DEFAULT"
    " CURRENT_TIMESTAMP, UNIQUE KEY by_email (email), CONSTRAINT adult CHECK (age >= 18))",
    "CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL, day date,"
    " CONSTRAINT owner FOREIGN KEY (customer_id) REFERENCES customer (id))",
    "CREATE DEFINER=`root`@`elsewhere` TRIGGER kept BEFORE UPDATE ON orders FOR EACH ROW BEGIN"
    " SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'never; ever'; END",
    "GRANT SELECT ON customer TO somebody",
    "LOCK TABLES customer WRITE",
)


@pytest.fixture(scope="module")
def shop() -> Iterator[Mysql]:
    with mariadb(), closing(Mysql(MARIADB_URL, seconds=1.0)) as database:
        database.build(SHOP)
        yield database


@pytest.fixture(scope="module")
def empty() -> Iterator[Mysql]:
    with mariadb(), closing(Mysql(MARIADB_URL, seconds=1.0)) as database:
        yield database


def test_name_and_dialect(shop: Mysql) -> None:
    assert shop.dialect is Dialect.MARIADB
    assert shop.name.startswith("mariadb 1")
    assert shop.name.replace(".", "").split()[1].isdigit()


def test_what_a_build_leaves_out(shop: Mysql) -> None:
    assert [skipped.statement.split()[0] for skipped in shop.skipped] == ["USE", "GRANT", "LOCK"]


CUSTOMER = "INSERT INTO customer (id, email) VALUES (1, 'a@x')"


@pytest.mark.parametrize(
    ("statement", "kind", "constraint"),
    [
        ("INSERT INTO customer (email) VALUES ('A@x')", "unique", "by_email"),
        ("INSERT INTO customer (id, email) VALUES (1, 'b')", "unique", "PRIMARY"),
        ("INSERT INTO customer (email) VALUES (NULL)", "not null", "email"),
        ("INSERT INTO customer (id) VALUES (2)", "not null", "email"),
        ("INSERT INTO customer (email, age) VALUES ('b', 1)", "check", "adult"),
        ("INSERT INTO customer (email, status) VALUES ('b', 'C')", "type", "status"),
        ("INSERT INTO customer (email, age) VALUES ('b', 'x')", "type", None),
        ("INSERT INTO customer (email, age) VALUES (repeat('b', 21), 99)", "type", "email"),
        ("INSERT INTO orders VALUES (1, 1, 'yesterday')", "type", None),
        ("INSERT INTO orders VALUES (1, 9, NULL)", "foreign key", "owner"),
        ("INSERT INTO nowhere VALUES (1)", "other", None),
        ("SELECT count(*) FROM seq_1_to_1000000 a, seq_1_to_1000000 b", "time-out", None),
    ],
)
def test_refusals(shop: Mysql, statement: str, kind: str, constraint: str | None) -> None:
    with shop.attempt() as attempt:
        assert attempt.run(CUSTOMER) == Accepted(1)
        answer = attempt.run(statement)
        assert attempt.rows("SELECT count(*) FROM customer") == [(1,)]
    assert isinstance(answer, Refused)
    assert answer.kind == kind
    assert constraint is None or answer.constraint == constraint
    assert "schemalint_" not in answer.message


def test_a_parent_that_is_referred_to(shop: Mysql) -> None:
    with shop.attempt() as attempt:
        assert attempt.run(CUSTOMER, "INSERT INTO orders VALUES (1, 1, NULL)") == Accepted(1)
        answer = attempt.run("DELETE FROM customer")
        assert isinstance(answer, Refused)
        assert (answer.kind, answer.constraint) == ("foreign key", "owner")
        answer = attempt.run("UPDATE orders SET day = NULL")
        assert answer == Refused("never; ever", "raised")


def test_a_group_is_stored_as_a_whole(shop: Mysql) -> None:
    for _ in range(2):
        with shop.attempt() as attempt:
            answer = attempt.run(CUSTOMER, "INSERT INTO orders VALUES (1, 9, NULL)")
            assert isinstance(answer, Refused)
            assert answer.statement == 1
            assert attempt.rows("SELECT * FROM customer") == []
            assert attempt.run(CUSTOMER) == Accepted(1)


def test_truncate(shop: Mysql) -> None:
    with shop.attempt() as attempt:
        assert attempt.run(CUSTOMER) == Accepted(1)
        answer = attempt.run("TRUNCATE customer")  # a key refers to it
        assert isinstance(answer, Refused)
        assert isinstance(attempt.run("TRUNCATE orders"), Accepted)
        assert attempt.rows("SELECT count(*) FROM customer") == [(1,)]
    with shop.attempt() as attempt:
        assert attempt.rows("SELECT count(*) FROM customer") == [(0,)]
        with pytest.raises(NotProvable, match="TRUNCATE"):
            attempt.run(CUSTOMER, "TRUNCATE orders")


def test_an_engine_without_transactions(empty: Mysql) -> None:
    empty.build(["CREATE TABLE a (id int) ENGINE=MyISAM", "INSERT INTO a VALUES (1)"])
    for _ in range(2):
        with empty.attempt() as attempt:
            assert attempt.rows("SELECT id FROM a") == [(1,)]
            assert attempt.run("DELETE FROM a") == Accepted(1)


@pytest.mark.parametrize("default", ["CURRENT_TIMESTAMP", "(SYSDATE())"])
def test_time_goes_on_where_that_is_asked_for(empty: Mysql, default: str) -> None:
    empty.build([f"CREATE TABLE a (id int, made datetime DEFAULT {default})"])
    with empty.attempt(clock=True) as attempt:
        for number in range(3):
            attempt.run(f"INSERT INTO a (id) VALUES ({number})")
        assert attempt.rows("SELECT count(DISTINCT made) FROM a") == [(3,)]
    with empty.attempt() as attempt:
        (days,) = attempt.rows("SELECT timestampdiff(MINUTE, NOW(), SYSDATE())")
        assert days == (0,)


def test_checks_that_a_trigger_switches_off(empty: Mysql) -> None:
    empty.build(
        [
            "CREATE TABLE a (id int PRIMARY KEY)",
            "CREATE TABLE b (a int, FOREIGN KEY (a) REFERENCES a (id))",
            "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET foreign_key_checks = 0,"
            " max_statement_time = 0",
        ]
    )
    with empty.attempt() as attempt:
        assert attempt.run("INSERT INTO a VALUES (1)") == Accepted(1)
        answer = attempt.run("INSERT INTO b VALUES (2)")
        assert isinstance(answer, Refused)
        assert answer.kind == "foreign key"


def test_build_errors(empty: Mysql) -> None:
    with pytest.raises(BuildError, match="exists") as raised:
        empty.build(["CREATE TABLE a (id int)", "CREATE TABLE a (id int)"])
    assert raised.value.statement == "CREATE TABLE a (id int)"
    with pytest.raises(NotProvable, match="no schema"), empty.attempt():
        pass


HOSTILE = (
    "LOAD DATA INFILE '/etc/passwd' INTO TABLE customer",
    "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE customer",
    "SELECT 1 INTO OUTFILE '{file}'",
    "SELECT 1 INTO DUMPFILE '{file}'",
    "SELECT /*!99 1 INTO OUTFILE '{file}' */",
    "SELECT LOAD_FILE('/etc/passwd')",
    "CREATE FUNCTION f RETURNS STRING SONAME 'f.so'",
    "INSTALL PLUGIN p SONAME 'p.so'",
    "CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST '127.0.0.1')",
    "CREATE TABLE f (id int) ENGINE=FEDERATED CONNECTION='mysql://root@127.0.0.1/test/t'",
    "CREATE TABLE f (id int) DATA DIRECTORY = '{folder}'",
    "SET GLOBAL general_log_file = '{file}'",
    "SET @@global.general_log = 1",
    "SET PERSIST general_log = 1",
    "CHANGE MASTER TO MASTER_HOST = '127.0.0.1'",
    "KILL 1",
    "SHUTDOWN",
    "XA START 'a'",
    "CREATE TABLE mysql.made (id int)",
    "DROP TABLE mysql.user",
    "INSERT INTO mysql.user (user) VALUES ('schemalint_escaped')",
    "SELECT 1; CREATE TABLE mysql.made (id int)",
)


@pytest.mark.parametrize("statement", HOSTILE)
def test_hostile_statements(statement: str, shop: Mysql, empty: Mysql, tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    statement = statement.format(file=tmp_path / "made", folder=tmp_path)
    with shop.attempt() as attempt:
        try:
            answer = attempt.run(statement)
        except NotProvable:
            pass
        else:
            # The server itself: it takes one statement only.
            assert isinstance(answer, Refused)
            assert "syntax" in answer.message
    with pytest.raises((NotProvable, BuildError)):
        empty.build([statement])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1 INTO OUTFILE ''{file}''",
        "CREATE USER schemalint_escaped",
        "SET GLOBAL general_log = 1",
        "CREATE TABLE mysql.made (id int)",
    ],
)
def test_statements_made_at_run_time(text: str, empty: Mysql, tmp_path: Path) -> None:
    """These pass by whoever reads statements, and it is the server that refuses them."""
    text = text.format(file=tmp_path / "made")
    with pytest.raises(NotProvable, match="denied"):
        empty.build([f"SET @s = '{text}'", "PREPARE p FROM @s", "EXECUTE p"])


@pytest.fixture
def account() -> Iterator[Any]:
    """Makes an account with some rights: its MARIADB_URL."""
    made = []
    with mariadb() as admin:

        def make(rights: str) -> str:
            name = f"test_{uuid4().hex[:12]}"
            made.append(name)
            admin.execute("CREATE USER %s@'%%' IDENTIFIED BY 'it''s'", (name,))
            admin.execute("CREATE USER %s@'localhost' IDENTIFIED BY 'it''s'", (name,))
            for host in ("%", "localhost"):
                if rights:
                    admin.execute(f"GRANT {rights} TO '{name}'@'{host}'")
            return f"mysql://{name}:it%27s@{MARIADB['host']}"

        try:
            yield make
        finally:
            for name in made:
                admin.execute("DROP USER %s@'%%', %s@'localhost'", (name, name))


def test_an_account_without_rights(account: Any) -> None:
    with pytest.raises(NotProvable, match="no database of its own") as raised:
        Mysql(account(""))
    assert raised.value.help is not None
    assert "GRANT ALL" in raised.value.help


def test_an_account_that_might_reach_other_data(account: Any) -> None:
    with pytest.raises(NotProvable, match="no database of its own"):
        Mysql(account("CREATE, DROP, SELECT ON *.*"))


def test_an_account_for_proofs_that_has_further_rights(account: Any) -> None:
    """MariaDB's installer grants some to everybody: whoever followed the help is to see it."""
    url = account("ALL ON `schemalint\\_%`.*")
    name = url.partition("//")[2].partition(":")[0]
    with mariadb() as admin:
        for host in ("%", "localhost"):
            admin.execute("GRANT SELECT ON `test_more`.* TO %s@%s", (name, host))
    with pytest.raises(NotProvable) as raised:
        Mysql(url)
    assert raised.value.help is not None
    assert "this one also has rights ON `test_more`.* TO" in raised.value.help


def test_an_account_for_proofs_only(account: Any) -> None:
    with closing(Mysql(account("ALL ON `schemalint\\_%%`.*".replace("%%", "%")))) as database:
        database.build(SHOP)
        for _ in range(2):
            with database.attempt() as attempt:
                assert attempt.run(CUSTOMER) == Accepted(1)
            database.build(SHOP)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://127.0.0.1:1", "no connection"),
        ("mysql://nobody_of_that_name:x@127.0.0.1", "no connection"),
        ("mysql://127.0.0.1:port", "no address"),
        ("mysql://127.0.0.1?colour=red", "no option"),
    ],
)
def test_addresses_that_lead_nowhere(url: str, said: str) -> None:
    with pytest.raises(NotProvable, match=said) as raised:
        Mysql(url)
    assert ":x@" not in raised.value.message


def test_the_last_database_leaves_nothing() -> None:
    with mariadb() as admin:
        database = Mysql(MARIADB_URL)
        name = database._server.name
        assert set(left_on_mariadb(admin, name)) == {name}
        database.close()
        database.close()
        assert left_on_mariadb(admin, name) == []


def test_names_with_the_database_before_them(empty: Mysql) -> None:
    empty.build(
        [
            "CREATE DATABASE store",
            "CREATE TABLE store.a (id int PRIMARY KEY)",
            "CREATE VIEW `store`.`v` AS SELECT store.a.id FROM store.a",
        ]
    )
    with empty.attempt() as attempt:
        assert attempt.run("INSERT INTO store.a VALUES (1)") == Accepted(1)
        assert attempt.rows("SELECT id FROM `store`.v") == [(1,)]
