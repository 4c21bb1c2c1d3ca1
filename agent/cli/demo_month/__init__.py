"""The demonstration's month of history: what truly happened, as a ledger, and what the vendor wrote about it.

A vCenter keeps its events for 30 days, and a claim is judged over a month that is over. So the demonstration starts with a
ledger that an agent might have kept, of the same estate, and with a contract folder in which the vendor is not quite honest.
"""
