"""Bring the page, politely, and keep what came."""
