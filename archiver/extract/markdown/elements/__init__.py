"""Write one kind of element each as Markdown: code, formulas, captions, callouts, footnotes, headings."""
