"""Arguments as the library takes them: what it would cut or wrap is refused here."""

import ctypes
import operator
import os
from collections.abc import Sequence


def unsigned(value: int, name: str, bits: int = 64) -> int:
    """A whole number of so many bits; OverflowError beyond them."""
    number = operator.index(value)
    if not 0 <= number < 1 << bits:
        raise OverflowError(f"{name} is {number}, which is not between 0 and 2**{bits} - 1")
    return number


def steps_array(values: Sequence[int]) -> ctypes.Array:
    """Steps as the library reads them; never of length 0."""
    numbers = [unsigned(value, "a step") for value in values]
    return (ctypes.c_uint64 * max(len(numbers), 1))(*numbers)


def path_bytes(path: str | os.PathLike[str], name: str = "the path") -> bytes:
    """A path, or another text, as the library reads it: up to a NUL, so ValueError if there is one."""
    content = os.fsencode(path)
    if b"\0" in content:
        raise ValueError(f"{name} has an embedded null byte")
    return content
