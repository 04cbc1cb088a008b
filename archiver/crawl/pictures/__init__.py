"""The pictures of seeds: asked for, judged, and replaced where they are dead. Why here: docs/design.md D95."""
