"""The page as a tree: its parsed elements, their marks and regions, and its linked data."""
