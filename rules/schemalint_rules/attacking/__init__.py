"""What kinds of rule forbid, as rows and changes of rows show it, and attacks on them."""
