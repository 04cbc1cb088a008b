"""What people have said of values, and what that makes of a repair."""
