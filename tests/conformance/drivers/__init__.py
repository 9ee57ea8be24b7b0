"""One module a host: `NAME`, `run(cases)`, `GAPS`, and `version()` where there is more to say than the name.

`run` gives each case's value by its name, or raises `conformance.model.NotRun` where the host can't start here. A case
it leaves out has no answer and counts as failed; `GAPS` (a case's name or pattern to the reason) declares those.
Modules whose names begin with an underscore are helpers.
"""
