"""One corpus of cases, the same in every host; a thin driver a host."""
