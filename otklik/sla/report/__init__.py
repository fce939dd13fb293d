"""What a client was promised for a month, quarter or year, and what came of it: a page and a PDF (R-E8)."""
