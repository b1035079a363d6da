"""The observatory: a space in the browser, from the void map down to the sentence. A Django project without a database."""
