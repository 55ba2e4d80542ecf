"""What `python -m shared.migrate` is made of: ledger, lock, indexes, applying, watching."""
