"""Figures: `make bench` runs all, `make bench ARGS="trace credits"` some. Each module gives them with `run()`."""
