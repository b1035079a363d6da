"""The observatory: a space in the browser, from the void map down to the sentence (Django, no database)."""
