"""Pure functions on strings: normalise, scripts, sentences, dates, words."""
