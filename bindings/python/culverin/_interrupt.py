"""
Signals during calls of the library's in the main thread.

Python runs signal handlers only between its own instructions, of which there are none during such a call. So while one
is under way, every signal that has a handler of Python's is only taken note of, and the handler is run where what it
raises can be caught: in a callback, or after the call. On Ctrl-C a thread that learns of it by the interpreter's
wake-up descriptor cancels the call.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import threading
from collections.abc import Callable

_NONE = -1


class _Watch:
    """Cancels calls of the main thread when SIGINT comes."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.calls: list[_Call] = []
        self.before = _NONE
        self._read, self.write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self.write, False)
        threading.Thread(target=self._watch, name="culverin-interrupt", daemon=True).start()

    def _watch(self) -> None:
        while True:
            select.select([self._read], [], [])
            with self.lock:
                numbers = self.hand_on()
                for call in self.calls if signal.SIGINT in numbers else ():
                    # Another handler may mean to go on; it is run at the next callback.
                    if call.handlers.get(signal.SIGINT) is signal.default_int_handler:
                        call.request()

    def hand_on(self) -> bytes:
        """Empties the pipe; who used the descriptor before learns of everything, too."""
        try:
            numbers = os.read(self._read, 4096)
        except BlockingIOError:
            return b""
        if self.before != _NONE:
            with contextlib.suppress(OSError):
                os.write(self.before, numbers)
        return numbers


_watch: _Watch | None = None


class _Call:
    """A call of the main thread, as a context."""

    def __init__(self, watch: _Watch, request: Callable[[], None], handlers: dict) -> None:
        self.request = request
        self.handlers = handlers
        self._watch = watch
        self._before = _NONE
        self._heard: dict[int, object] = {}

    def __enter__(self) -> None:
        try:
            for number in self.handlers:
                # A handler without instructions of Python's, so that nothing can be raised where a callback begins.
                signal.signal(number, self._heard.setdefault)
        except BaseException:
            # What a handler raised that was still in force.
            self._set_back()
            raise
        self._before = signal.set_wakeup_fd(self._watch.write, warn_on_full_buffer=False)
        with self._watch.lock:
            if self._before != self._watch.write:
                self._watch.before = self._before
            self._watch.calls.append(self)

    def __exit__(self, *_) -> None:
        with self._watch.lock:
            # What has come belongs to this call, not to the next.
            self._watch.hand_on()
            self._watch.calls.remove(self)
        signal.set_wakeup_fd(self._before, warn_on_full_buffer=self._before != self._watch.write)
        self._set_back()
        self._deliver()

    def enter_callback(self) -> None:
        """The handlers of before are in force, and told what has come."""
        try:
            self._set_back()
            self._deliver()
        except BaseException:
            self.leave_callback()
            raise

    def leave_callback(self) -> None:
        """Signals are only taken note of again."""
        for number in self.handlers:
            # The callback may have set another one; what is not Python's stays in force.
            handler = signal.getsignal(number)
            if callable(handler) and handler != self._heard.setdefault:
                self.handlers[number] = handler
                signal.signal(number, self._heard.setdefault)

    def _set_back(self) -> None:
        raised = None
        for number, handler in self.handlers.items():
            try:
                if signal.getsignal(number) == self._heard.setdefault:
                    signal.signal(number, handler)
            except BaseException as error:  # Raised by a handler that has just come into force.
                raised = raised or error
        if raised is not None:
            raise raised

    def _deliver(self) -> None:
        try:
            while self._heard:
                number, frame = self._heard.popitem()
                self.handlers[number](number, frame)
        finally:
            if self._heard:
                self._deliver()


class _Callback:
    """A Python function that the library calls in the main thread, as a context."""

    def __init__(self, call: _Call) -> None:
        self._call = call

    def __enter__(self) -> None:
        self._call.enter_callback()

    def __exit__(self, *_) -> None:
        self._call.leave_callback()


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def during(request: Callable[[], None]) -> contextlib.AbstractContextManager[None]:
    """
    Calls request when Ctrl-C comes before the block ends, and has what handlers raise raised by the block; only in the
    main thread, which signals belong to.
    """
    global _watch
    if not _in_main_thread():
        return contextlib.nullcontext()
    handlers = {number: signal.getsignal(number) for number in signal.valid_signals()}
    handlers = {number: handler for number, handler in handlers.items() if callable(handler)}
    if not handlers:
        return contextlib.nullcontext()
    if _watch is None:
        _watch = _Watch()
    return _Call(_watch, request, handlers)


def callback() -> contextlib.AbstractContextManager[None]:
    """For the body of a callback: signal handlers run in it as in any other function."""
    if _watch is None or not _watch.calls or not _in_main_thread():
        return contextlib.nullcontext()
    return _Callback(_watch.calls[-1])
