"""Settings for all tests."""

from hypothesis import settings

settings.register_profile("arna", deadline=None, derandomize=True)  # machines are shared: no test asserts a time
settings.load_profile("arna")
