"""Commands that are killed at a step of their work, the small worlds that they work on, and what must hold then."""
