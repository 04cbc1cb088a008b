"""Captures, told in their order, as the ledger of visits that was lost."""
