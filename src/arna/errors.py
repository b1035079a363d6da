"""The errors Arna raises for a user's input or machine, as one tree.

::

    ArnaError            exit code 1; the message says what, where and how to mend it
    ├── SpaceError       space.toml or outlets/*.toml: file, line and field
    ├── InputError       a file given to import: file and line or record
    ├── StoreError       the lake: missing table, full disk
    │   └── BusyError    another arna is writing there
    ├── QueryError       SQL given by the user
    └── EmbedError       the model that embeds: its package, folder or address, or the setting that names it

Anything else that escapes is a bug. A stage never raises for one bad document: it writes an outcome.
"""


class ArnaError(Exception):
    """Base of all errors meant for the user; ``str(error)`` is the one line shown."""


class SpaceError(ArnaError):
    """The space's description cannot be used as written."""


class InputError(ArnaError):
    """A file given by the user cannot be read at all."""


class StoreError(ArnaError):
    """The lake cannot be read or written."""


class BusyError(StoreError):
    """Another process is writing; the same again later goes through."""


class QueryError(ArnaError):
    """The user's SQL cannot be run."""


class EmbedError(ArnaError):
    """Texts cannot be embedded with the model that was chosen."""
