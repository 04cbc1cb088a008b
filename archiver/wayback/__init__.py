"""Web archives as remote services: what to ask them, and what their answers mean."""
