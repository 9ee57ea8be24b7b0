"""One module a program that opens workbooks: `COLUMNS`, `read(copies)`, `GAPS`, and `version()`.

`COLUMNS` names the ways in which the program is asked, by id: as opened, after a hard recalculation. `read` gives for
each of them what each copy showed, by the copy's name, or the exception that opening it came to; it raises
`sharing.model.NotRun` where the program can't start here. `GAPS` declares by column id and pattern of copies' names
what the program is known not to show. Modules whose names begin with an underscore are helpers.
"""
