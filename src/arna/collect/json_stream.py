"""JSON files larger than memory, read a value at a time."""

from __future__ import annotations

import codecs
import json
import re
from typing import TYPE_CHECKING, Any, BinaryIO, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST_VALUE: Final = 16 << 20
"""Letters of a single value at most; a message has a few thousand."""

DEEPEST: Final = 100
"""Objects and lists inside each other at most, where they are stepped over."""

_CHUNK: Final = 256 << 10
_BLANK: Final = re.compile(r"[ \t\r\n]*+")
_SCALAR_END: Final = re.compile(r"[\s,\]}]")


class JsonDamageError(Exception):
    """The file cannot be read further; the text is the reason."""


class JsonStream:
    """Reads JSON in UTF-8 from a stream, going into objects and lists only where it is told to.

    Each method begins at a value and ends behind it. Values are decoded whole, so that none may be larger than
    ``LARGEST_VALUE``; objects and lists that are gone into may be of any size.

    Raises:
        JsonDamageError: from any method, where the file is cut off or is no JSON.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._json = json.JSONDecoder(parse_constant=_refuse_constant)
        self._text = ""
        self._place = 0
        self._ended = False
        self._before = 0

    @property
    def done(self) -> int:
        """Bytes read of the stream."""
        return self._stream.tell()

    def peek(self) -> str:
        """The next letter that is no blank; empty at the end."""
        while True:
            blank = _BLANK.match(self._text, self._place)
            self._place = blank.end() if blank else self._place
            if self._place < len(self._text):
                return self._text[self._place]
            if not self._grow():
                return ""

    def fields(self) -> Iterator[str]:
        """Keys of the object here; what belongs to each must be read or skipped before the next is asked for."""
        self._expect("{")
        if self.peek() == "}":
            self._expect("}")
            return
        while True:
            key = self.read()
            if not isinstance(key, str):
                raise self._damage("a key that is no text")
            self._expect(":")
            yield key
            if self.peek() == "}":
                self._expect("}")
                return
            self._expect(",")

    def items(self) -> Iterator[None]:
        """Stops at each item of the list here, which must be read before the next is asked for."""
        self._expect("[")
        if self.peek() == "]":
            self._expect("]")
            return
        while True:
            yield None
            if self.peek() == "]":
                self._expect("]")
                return
            self._expect(",")

    def read(self) -> Any:
        """The value here."""
        begin = self.peek()
        if not begin:
            raise self._damage("its end, where a value should be")
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._place)
            except RecursionError as error:
                raise self._damage("a value nested too deep") from error
            except ValueError as error:
                if self._grow():
                    continue
                raise self._damage(str(error).partition(": line")[0]) from error
            # a number at the end of what is read may go on
            if begin in '"{[' or _SCALAR_END.match(self._text, end) or not self._grow():
                self._place = end
                return value

    def skip(self, depth: int = 0) -> None:
        """Steps over the value here, whatever its size, without keeping it."""
        begin = self.peek()
        if depth > DEEPEST:
            raise self._damage("a value nested too deep")
        if begin == "{":
            for _ in self.fields():
                self.skip(depth + 1)
        elif begin == "[":
            for _ in self.items():
                self.skip(depth + 1)
        else:
            self.read()

    def _expect(self, mark: str) -> None:
        found = self.peek()
        if found != mark:
            raise self._damage(f"{found!r} where {mark!r} should be" if found else "its end")
        self._place += 1

    def _grow(self) -> bool:
        """Reads on, twice as much each time a value needs more; False at the end of the file."""
        if self._ended:
            return False
        kept = len(self._text) - self._place
        if kept > LARGEST_VALUE:
            raise self._damage(f"a value of more than {LARGEST_VALUE >> 20} MB")
        data = self._stream.read(max(_CHUNK, kept))
        self._ended = not data
        self._before += self._text.count("\n", 0, self._place)
        self._text = self._text[self._place :] + self._decoder.decode(data, final=self._ended)
        self._place = 0
        return not self._ended

    def _damage(self, what: str) -> JsonDamageError:
        line = self._before + self._text.count("\n", 0, self._place) + 1
        return JsonDamageError(f"the JSON is broken or cut off at line {line} ({what}); what follows is lost")


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")
