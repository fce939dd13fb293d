"""Outages and planned work, what they come to by an agreement, and periods that are closed (R-E6, R-E9)."""
