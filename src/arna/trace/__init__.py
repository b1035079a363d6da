"""Passages to Reliance, Family and origin shares."""
