"""Read the values of fields from one kind of place each: meta elements, JSON-LD, headings, bylines, a site's data."""
