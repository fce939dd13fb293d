"""Otklik: a customer-service desk for Russian-speaking companies."""
