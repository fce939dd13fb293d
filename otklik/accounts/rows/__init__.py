"""Rows of accounts beside the people themselves; models.py gathers them."""
