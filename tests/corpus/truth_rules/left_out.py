"""Cases that no kind of rule expresses, and why."""

from __future__ import annotations

LEFT_OUT: dict[str, str] = {
    "what is the same text beyond letter case: blanks, invisible and composed characters": (
        "F11f F11g F11h U11 U11b U11c U11d U11e U11f U11g U16 U16b U16c"
    ),
    "what a value of a type is, for the kind `type` to come: conversions, floats, dates, JSON": (
        "E26 E26b F11i O04g O05 O05c O05d O05e O05f O05g O07 O07b O07c O07d O07e O07f O09 O09c "
        "O11b O11c O11d O11e O12c O17 O17b O17c O17d O17e O17f U19 U19b U19d U19e U20 U20b U40 U41 "
        "U43 U53 X22 X23 X23b"
    ),
    "a setting of the session, or the owner of the table, switches a check off, which an ordinary "
    "writer does not": ("E05 E13 F04b F30 I10c I17 O02c O02e O02f O04c O05b O10b X20"),
    "what the attempt may do is a matter of privileges and policies": (
        "I07 I07c I07f I07h I07j I07l X01 X01c X01d"
    ),
    "the attempt or the set-up is DDL, TRUNCATE or DROP, which an ordinary writer does not run": (
        "E05e E13c E13d F24 F24b F24c F24d F26 I09b I09c I14d O22 O22b U18 X18 X19 X19b X24"
    ),
    "refused as a whole though every row would be allowed, or a row that another has to precede: "
    "no state is too much": ("E06c F05 F05d F05e F09b F31 I19b I32 U15c U15e U15f U17d X15 X25"),
    "no database takes the DDL": ("E09b F04f F04h F17d O03d O03e U15d U22 X04 X04b X07"),
    "the table that is pointed at does not exist": "F21 F21b",
    "more than one row or table decides, for kinds to come or for none: cycles, tenants, soft "
    "deletion, pairs in any order, values across columns, conditions over other tables": (
        "F17c F18 F18b F19 I14c O03 U46"
    ),
    "numbers and times that the database gives and a writer overrides, or that are used again": (
        "I25 I26 I26b O08 O08b O08c O08d"
    ),
    "conditions with the current time or with regular expressions in their finer points": (
        "O03b O03c O03k O03l"
    ),
    "names of tables, not rows": "O21",
}
