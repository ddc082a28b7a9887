"""Finds and declares the native library; turns statuses into exceptions."""

import ctypes
import os
import pathlib

from . import _abi


class CulverinError(Exception):
    """What the library refused. `code` is a number of culverin.h: CULVERIN_E_GUEST_PANIC is 8."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


def _candidates() -> list[str]:
    named = os.environ.get("CULVERIN_LIBRARY")
    if named:
        return [named]
    beside = pathlib.Path(__file__).parent / "libculverin.so"
    return [str(beside), "libculverin.so"]


def _load() -> ctypes.CDLL:
    faults = []
    for name in _candidates():
        try:
            library = ctypes.CDLL(name)
        except OSError as error:
            faults.append(str(error))
            continue
        for function, types in _abi.FUNCTIONS.items():
            getattr(library, function).argtypes = types
            getattr(library, function).restype = ctypes.c_int32
        return library
    raise ImportError("libculverin.so was not found: " + "; ".join(faults))


library = _load()


def message(handle: int | None) -> str:
    """What the last failed call on a handle, or without one, had to say."""
    length = ctypes.c_size_t()
    size = 1024
    while True:
        text = ctypes.create_string_buffer(size)
        status = library.culverin_message(handle, text, size, ctypes.byref(length))
        if status != _abi.E_BUFFER_TOO_SMALL:
            return text.value.decode() if status == _abi.OK else ""
        size = length.value + 1


def require(status: int, handle: int | None = None) -> None:
    """Raises what a status means, unless it is OK."""
    if status != _abi.OK:
        raise CulverinError(status, message(None if status == _abi.E_MISUSE else handle))


def read_bytes(call, handle: int) -> bytes:
    """Calls twice: for the length, then for the content."""
    length = ctypes.c_size_t()
    status = call(None, 0, ctypes.byref(length))
    if status not in (_abi.OK, _abi.E_BUFFER_TOO_SMALL):
        require(status, handle)
    buffer = (ctypes.c_uint8 * max(length.value, 1))()
    require(call(buffer, length.value, ctypes.byref(length)), handle)
    return bytes(buffer[: length.value])


major, minor = ctypes.c_uint32(), ctypes.c_uint32()
require(library.culverin_abi_version(ctypes.byref(major), ctypes.byref(minor)))
if major.value != _abi.ABI_MAJOR or minor.value < _abi.ABI_MINOR:
    raise ImportError(f"libculverin has interface {major.value}.{minor.value}")
