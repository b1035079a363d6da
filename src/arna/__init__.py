"""Arna: whose reporting people read about a subject, in each of their languages, and what is missing."""

__version__ = "0.1.0"
