"""Answers as they are recorded, and recorded ones as answers."""
