"""What leaves Arna: the report, one HTML file."""
