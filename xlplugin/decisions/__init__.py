"""Evidence -> grade -> interval -> next contact date: what is decided about one customer, and why."""

from xlplugin.decisions.cadence import WorkingDays
from xlplugin.decisions.chain import Chain, Decision, chain_of, decide

__all__ = ["Chain", "Decision", "WorkingDays", "chain_of", "decide"]
