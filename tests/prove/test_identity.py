"""Which row is which after a statement."""

from __future__ import annotations

from schemalint.prove.identity import Values, paired

KEY = [0]


def _pairs(
    before: list[Values], after: list[Values], key: list[int] | None = None, **what: object
) -> dict[int | None, int | None]:
    """Positions after by positions before; new rows under None."""
    found = paired(before, after, KEY if key is None else key, **what)  # type: ignore[arg-type]  # what each test gives
    assert len(found) == len(set(found))
    return dict(found)


def test_rows_that_stay_are_themselves_in_any_order() -> None:
    assert _pairs([(1, "a"), (2, "b")], [(2, "b"), (1, "a")]) == {0: 1, 1: 0}


def test_a_row_is_known_by_its_key() -> None:
    before, after = [(1, "a"), (2, "b")], [(2, "a"), (1, "b")]
    assert _pairs(before, after) == {0: 1, 1: 0}


def test_the_changed_row_is_known_by_what_the_statement_gave_it() -> None:
    before, after = [(1, "a"), (2, "b")], [(1, "a"), (7, "b")]
    assert _pairs(before, after, changed=1, becomes=(7, "b")) == {0: 0, 1: 1}


def test_update_or_replace_takes_the_place_of_another_row() -> None:
    before = [(1, "a"), (2, "b")]
    assert _pairs(before, [(1, "b")], changed=1, becomes=(1, "b")) == {0: None, 1: 0}


def test_update_or_replace_where_both_rows_hold_the_same_in_all_else() -> None:
    before = [(1, "a"), (2, "a")]
    assert _pairs(before, [(1, "a")], changed=1, becomes=(1, "a")) == {0: None, 1: 0}


def test_replace_deletes_one_row_and_leaves_the_others_who_they_are() -> None:
    before, after = [(1, "a"), (2, "b")], [(1, "c"), (2, "x")]
    assert _pairs(before, after, stored=0) == {0: None, None: 0, 1: 1}


def test_replace_by_the_very_same_row_changes_nothing() -> None:
    assert _pairs([(1, "a")], [(1, "a")], stored=0) == {0: 0}


def test_an_inserted_twin_is_the_new_one() -> None:
    assert _pairs([(1,)], [(1,), (1,)], key=[], stored=0) == {0: 1, None: 0}


def test_of_two_twins_the_deleted_one_is_gone() -> None:
    assert _pairs([(1,), (1,)], [(1,)], key=[], gone=0) == {1: 0, 0: None}


def test_a_delete_that_a_trigger_drops_takes_nothing_away() -> None:
    assert _pairs([(1, "a")], [(1, "a")], gone=0) == {0: 0}


def test_a_delete_that_a_trigger_makes_a_mark_is_a_change() -> None:
    assert _pairs([(1, None)], [(1, "gone")], gone=0) == {0: 0}


def test_a_deleted_row_is_not_the_one_that_a_trigger_stores_then() -> None:
    assert _pairs([(1, "a")], [(2, "a")], gone=0) == {0: None, None: 0}


def test_a_child_whose_key_follows_its_parent_is_known_by_the_rest() -> None:
    before = [(1, 5, "x", "y"), (1, 6, "z", "z")]
    after = [(2, 5, "x", "y"), (2, 6, "z", "z")]
    assert _pairs(before, after, key=[0, 1]) == {0: 0, 1: 1}


def test_one_and_true_are_two_values() -> None:
    assert _pairs([(1,)], [(True,)], key=[]) == {0: None, None: 0}
