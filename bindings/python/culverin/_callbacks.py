"""Python functions as the library's callbacks. What they raise is raised by the call that ran them."""

import ctypes
import os
from collections.abc import Callable, Sequence

from . import _abi
from ._arguments import path_bytes
from ._interrupt import callback

Output = Callable[[int, bytes], None]
Log = Callable[[int, str], None]
Preimage = Callable[[bytes], bytes | None]
Hint = Callable[[bytes], None]
Progress = Callable[[int, int], bool | None]
Stop = Callable[[], None]


class Callbacks:
    """Options and what they point to; must live as long as the handle made with them."""

    def __init__(
        self,
        output: Output | None,
        log: Log | None,
        preimage: Preimage | None,
        hint: Hint | None,
        server: Sequence[str],
        folder: str | os.PathLike[str] | None,
        replay: str | os.PathLike[str] | None,
        record: str | os.PathLike[str] | None,
        meta: str | os.PathLike[str] | None,
        interpret: bool,
    ) -> None:
        self.raised: BaseException | None = None
        self._stop: Stop | None = None
        self._value: bytes = b""
        self._words = [path_bytes(word, "a word of the server") for word in server]
        self._array = (ctypes.c_char_p * max(len(self._words), 1))(*self._words)
        options = _abi.Options()
        options.struct_size = ctypes.sizeof(options)
        options.engine = _abi.ENGINE_INTERPRETER if interpret else _abi.ENGINE_AUTO
        options.server_command = self._array if self._words else None
        options.server_command_count = len(self._words)
        for name, path in (("folder", folder), ("replay", replay), ("record", record), ("meta", meta)):
            setattr(options, name + "_path", None if path is None else path_bytes(path, name))
        if output:
            options.output = _abi.OutputCallback(self._guard(self._call_output(output), None))
        if log:
            options.log = _abi.LogCallback(
                self._guard(lambda _, level, text: log(level, text.decode()), None)
            )
        if preimage:
            options.preimage = _abi.PreimageCallback(
                self._guard(self._call_preimage(preimage), _abi.E_PREIMAGE_SERVER)
            )
        if hint:
            options.hint = _abi.HintCallback(self._guard(self._call_hint(hint), _abi.E_PREIMAGE_SERVER))
        self.options = options

    def progress(self, report: Progress | None):
        """A progress callback for one call; signal handlers run in it, and what they raise ends the call."""

        def call(_, step, pages):
            if self.raised is not None:
                return 1
            return 1 if report is not None and report(step, pages) is False else 0

        return _abi.ProgressCallback(self._guard(call, 1))

    def begin(self, stop: Stop | None) -> None:
        """Before a call, which stop ends once a callback has raised something."""
        self.raised = None
        self._stop = stop

    def check(self) -> None:
        """Raises what a callback raised first during the call."""
        raised, self.raised = self.raised, None
        if raised is not None:
            raise raised

    def _guard(self, body, failed):
        def guarded(*arguments):
            try:
                with callback():
                    return body(*arguments)
            except BaseException as error:
                self.raised = self.raised or error
                if self._stop is not None:
                    self._stop()
                return failed

        return guarded

    @staticmethod
    def _call_output(output: Output):
        return lambda _, descriptor, start, size: output(descriptor, ctypes.string_at(start, size))

    def _call_preimage(self, preimage: Preimage):
        def call(_, key, value, size):
            found = preimage(ctypes.string_at(key, 32))
            if found is None:
                return _abi.E_PREIMAGE_MISSING
            # Not bytes(found), which makes that many zeros of a number.
            self._value = memoryview(found).tobytes()
            value[0] = ctypes.cast(ctypes.c_char_p(self._value), ctypes.c_void_p).value
            size[0] = len(self._value)
            return _abi.OK

        return call

    @staticmethod
    def _call_hint(hint: Hint):
        def call(_, start, size):
            hint(ctypes.string_at(start, size))
            return _abi.OK

        return call
