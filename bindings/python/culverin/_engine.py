"""Machines, proofs and traces. Each object belongs to one thread at a time; proofs to any number."""

from __future__ import annotations

import contextlib
import ctypes
import dataclasses
import json
import os
import threading
from collections.abc import Iterator, Sequence

from . import _abi
from ._arguments import path_bytes, steps_array, unsigned
from ._callbacks import Callbacks, Hint, Log, Output, Preimage, Progress, Stop
from ._interrupt import during
from ._library import CulverinError, library, read_bytes, require

__all__ = ["CulverinError"]

FINAL = 2**64 - 1
_ALL_VERSIONS = 2**32 - 1
Path = str | os.PathLike[str]


class _Handle:
    """A handle of the library's; freed by close, by `with`, or with the object."""

    _free = ""

    def __init__(self, value: int | None, callbacks: Callbacks | None = None) -> None:
        self._value = value
        self._callbacks = callbacks

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_value", None):
            getattr(library, self._free)(self._value)

    def close(self) -> None:
        """Frees it; further use is an error, closing again is not."""
        value, self._value = self._value, None
        if value:
            require(getattr(library, self._free)(value))

    def _call(self, name: str, *arguments, stop: Stop | None = None) -> None:
        if self._callbacks:
            self._callbacks.begin(stop)
        status = getattr(library, name)(self._value, *arguments)
        if self._callbacks:
            self._callbacks.check()
        require(status, self._value)

    def _hash_long(self, name: str, *arguments, cancel: Cancel | None) -> bytes:
        buffer = (ctypes.c_uint8 * 32)()
        self._call_long(name, buffer, *arguments, cancel=cancel)
        return bytes(buffer)

    def _call_long(self, name: str, *arguments, cancel: Cancel | None) -> None:
        """A call whose last argument is a cancel token; Ctrl-C ends it, too."""
        with Cancel() as own, _joined(cancel, own), during(own.request):
            self._call(name, *arguments, own._value, stop=own.request)

    def _call_limited(self, name: str, *arguments, limits: _abi.Limits, cancel: Cancel | None) -> None:
        """As _call_long, with the token in the limits."""
        with Cancel() as own, _joined(cancel, own), during(own.request):
            limits.cancel = own._value
            self._call(name, *arguments, ctypes.byref(limits), stop=own.request)

    def _hash(self, name: str, *arguments) -> bytes:
        buffer = (ctypes.c_uint8 * 32)()
        self._call(name, buffer, *arguments)
        return bytes(buffer)


class Cancel(_Handle):
    """Ends runs that use it; may be requested from any thread."""

    _free = "culverin_cancel_free"

    def __init__(self) -> None:
        value = ctypes.c_void_p()
        require(library.culverin_cancel_create(ctypes.byref(value)))
        super().__init__(value.value)
        self._lock = threading.Lock()
        self._joined: list[Cancel] = []
        self._is_requested = False

    def request(self) -> None:
        """Ends all runs that use this, now and later."""
        with self._lock:
            self._is_requested = True
            self._call("culverin_cancel_request")
            for token in self._joined:
                token.request()


@contextlib.contextmanager
def _joined(cancel: Cancel | None, own: Cancel) -> Iterator[None]:
    """Requests of the first are the second's, too, until the end of the block."""
    if cancel is None:
        yield
        return
    if not cancel._value:
        raise CulverinError(_abi.E_MISUSE, "The cancel token is closed.")
    with cancel._lock:
        cancel._joined.append(own)
        if cancel._is_requested:
            own.request()
    try:
        yield
    finally:
        with cancel._lock:
            cancel._joined.remove(own)


class Proof(_Handle):
    """The proof of one step."""

    _free = "culverin_proof_free"

    @classmethod
    def load(cls, path: Path) -> Proof:
        """Reads a proof file."""
        value = ctypes.c_void_p()
        require(library.culverin_proof_load(ctypes.byref(value), path_bytes(path)))
        return cls(value.value)

    @classmethod
    def parse(cls, content: bytes) -> Proof:
        """Reads the bytes of a proof file."""
        value = ctypes.c_void_p()
        require(library.culverin_proof_parse(ctypes.byref(value), content, len(content)))
        return cls(value.value)

    def _summary(self) -> _abi.ProofSummary:
        summary = _abi.ProofSummary()
        summary.struct_size = ctypes.sizeof(summary)
        self._call("culverin_proof_describe", ctypes.byref(summary))
        return summary

    def _part(self, part: int) -> bytes:
        return read_bytes(
            lambda *place: library.culverin_proof_part(self._value, *place, part), self._value
        )

    @property
    def step(self) -> int:
        """The step counter before the step."""
        return self._summary().step

    @property
    def pre_hash(self) -> bytes:
        """State hash before the step."""
        return bytes(self._summary().pre_hash)

    @property
    def post_hash(self) -> bytes:
        """State hash after the step: the claim at this trace index."""
        return bytes(self._summary().post_hash)

    @property
    def state_data(self) -> bytes:
        """The state witness before the step."""
        return self._part(_abi.PART_STATE_DATA)

    @property
    def proof_data(self) -> bytes:
        """The memory proofs."""
        return self._part(_abi.PART_PROOF_DATA)

    @property
    def preimage(self) -> tuple[bytes, bytes, int] | None:
        """Key, value with its 8-byte length, and offset of the pre-image that the step reads."""
        summary = self._summary()
        if not summary.has_preimage:
            return None
        return bytes(summary.preimage_key), self._part(_abi.PART_PREIMAGE), summary.preimage_offset

    @property
    def json(self) -> bytes:
        """The proof file as the reference writes it, byte for byte."""
        return self._part(_abi.PART_JSON)

    def save(self, path: Path) -> None:
        """Writes a proof file."""
        self._call("culverin_proof_save", path_bytes(path))

    def verify(self, state_version: int) -> None:
        """Raises unless the contract would accept it."""
        self._call("culverin_proof_verify", unsigned(state_version, "state_version", 32))


@dataclasses.dataclass(frozen=True)
class MachineSummary:
    """Where a machine is."""

    step: int
    program_counter: int
    page_count: int
    preimage_request_count: int
    preimage_total_bytes: int
    state_version: int
    exited: bool
    exit_code: int
    last_preimage: tuple[bytes, int] | None


class Machine(_Handle):
    """A machine with a program in it: runs, commits to its state, proves its next step."""

    _free = "culverin_machine_free"

    @classmethod
    def load_elf(
        cls,
        program: Path | bytes,
        state_version: int,
        *,
        output: Output | None = None,
        log: Log | None = None,
        preimage: Preimage | None = None,
        hint: Hint | None = None,
        server: Sequence[str] = (),
        folder: Path | None = None,
        replay: Path | None = None,
        record: Path | None = None,
        interpret: bool = False,
    ) -> Machine:
        """Makes the first state of a program, given as a file's name or as its bytes."""
        callbacks = Callbacks(
            output, log, preimage, hint, server, folder, replay, record, None, interpret
        )
        return cls._make("elf", program, (unsigned(state_version, "state_version", 32),), callbacks)

    @classmethod
    def load_state(
        cls,
        state: Path | bytes,
        *,
        output: Output | None = None,
        log: Log | None = None,
        preimage: Preimage | None = None,
        hint: Hint | None = None,
        server: Sequence[str] = (),
        folder: Path | None = None,
        replay: Path | None = None,
        record: Path | None = None,
        meta: Path | None = None,
        interpret: bool = False,
    ) -> Machine:
        """Loads a state, given as a file's name or as its bytes."""
        callbacks = Callbacks(
            output, log, preimage, hint, server, folder, replay, record, meta, interpret
        )
        return cls._make("state", state, (), callbacks)

    @classmethod
    def _make(cls, kind: str, source: Path | bytes, more: tuple, callbacks: Callbacks) -> Machine:
        value = ctypes.c_void_p()
        options = ctypes.byref(callbacks.options)
        if isinstance(source, bytes):
            load = getattr(library, f"culverin_machine_load_{kind}_memory")
            status = load(ctypes.byref(value), source, len(source), *more, options)
        else:
            load = getattr(library, f"culverin_machine_load_{kind}")
            status = load(ctypes.byref(value), path_bytes(source), *more, options)
        require(status)
        return cls(value.value, callbacks)

    def run(
        self,
        until_step: int | None = None,
        *,
        stop_after_preimage: bool = False,
        timeout_milliseconds: int = 0,
        memory_bytes_max: int = 0,
        cancel: Cancel | None = None,
        progress: Progress | None = None,
    ) -> str:
        """
        Runs until a limit or the guest's end; tells which: "step", "exited", "preimage", "deadline".
        The interpreter's other threads go on meanwhile.
        """
        limits = _abi.Limits()
        limits.struct_size = ctypes.sizeof(limits)
        limits.until_step = unsigned(until_step or 0, "until_step")
        limits.timeout_milliseconds = unsigned(timeout_milliseconds, "timeout_milliseconds")
        limits.memory_bytes_max = unsigned(memory_bytes_max, "memory_bytes_max")
        if until_step is not None and until_step <= self.step:
            return "exited" if self.describe().exited else "step"
        limits.progress = self._callbacks.progress(progress)
        limits.flags = _abi.RUN_FLAG_STOP_AFTER_PREIMAGE if stop_after_preimage else 0
        end = ctypes.c_int32()
        self._call_limited("culverin_machine_run", ctypes.byref(end), limits=limits, cancel=cancel)
        return {
            _abi.END_STEP_REACHED: "step",
            _abi.END_EXITED: "exited",
            _abi.END_PREIMAGE_READ: "preimage",
            _abi.END_DEADLINE_PASSED: "deadline",
        }[end.value]

    def hashes(self, steps: Sequence[int], cancel: Cancel | None = None) -> list[bytes]:
        """Runs to each of ascending steps and tells the state hash there."""
        buffer = (ctypes.c_uint8 * (32 * max(len(steps), 1)))()
        done = ctypes.c_size_t()
        asked = steps_array(steps)
        self._call_long(
            "culverin_machine_hashes", buffer, ctypes.byref(done), asked, len(steps), cancel=cancel
        )
        return [bytes(buffer[32 * at : 32 * at + 32]) for at in range(len(steps))]

    def describe(self) -> MachineSummary:
        """Where it is."""
        known = _abi.MachineSummary()
        known.struct_size = ctypes.sizeof(known)
        self._call("culverin_machine_describe", ctypes.byref(known))
        return MachineSummary(
            known.step,
            known.program_counter,
            known.page_count,
            known.preimage_request_count,
            known.preimage_total_bytes,
            known.state_version,
            bool(known.exited),
            known.exit_code,
            (bytes(known.last_preimage_key), known.last_preimage_offset)
            if known.has_last_preimage
            else None,
        )

    @property
    def step(self) -> int:
        """Steps executed since the program's start."""
        step = ctypes.c_uint64()
        self._call("culverin_machine_step", ctypes.byref(step))
        return step.value

    def state_hash(self) -> bytes:
        """The state hash, 32 bytes."""
        return self._hash("culverin_machine_hash")

    def witness(self) -> bytes:
        """The bytes that the state hash commits to."""
        return read_bytes(
            lambda *place: library.culverin_machine_witness(self._value, *place), self._value
        )

    def prove(self) -> Proof:
        """Executes one step and returns its proof."""
        proof = ctypes.c_void_p()
        self._call("culverin_machine_prove", ctypes.byref(proof))
        return Proof(proof.value)

    def save(self, path: Path) -> None:
        """Writes a state file."""
        self._call("culverin_machine_save", path_bytes(path))

    def finish_preimages(self) -> None:
        """Stops the pre-image server and completes the recording."""
        self._call("culverin_machine_finish_preimages")


@dataclasses.dataclass(frozen=True)
class TraceEnd:
    """How a trace ends."""

    step: int
    exit_code: int
    state_hash: bytes
    witness: bytes


class Trace(_Handle):
    """Hash, proof and end of a run, from checkpoints in a folder of the caller's."""

    _free = "culverin_trace_free"

    @classmethod
    def open(
        cls,
        directory: Path,
        first: Machine | None = None,
        *,
        preimage: Preimage | None = None,
        hint: Hint | None = None,
        server: Sequence[str] = (),
        folder: Path | None = None,
        replay: Path | None = None,
        input_name: str | None = None,
        spacing_steps: int = 0,
        disk_bytes_max: int = 0,
        lock_timeout_milliseconds: int = 0,
    ) -> Trace:
        """Begins an index, or opens the one that is there; first is a machine that has not run."""
        callbacks = Callbacks(None, None, preimage, hint, server, folder, replay, None, None, False)
        options = _abi.TraceOptions()
        options.struct_size = ctypes.sizeof(options)
        options.input_name = None if input_name is None else path_bytes(input_name, "input_name")
        options.spacing_steps = unsigned(spacing_steps, "spacing_steps")
        options.disk_bytes_max = unsigned(disk_bytes_max, "disk_bytes_max")
        options.lock_timeout_milliseconds = unsigned(lock_timeout_milliseconds, "lock_timeout_milliseconds")
        value = ctypes.c_void_p()
        handle = first._value if first else None
        status = library.culverin_trace_open(
            ctypes.byref(value),
            path_bytes(directory),
            handle,
            ctypes.byref(callbacks.options),
            ctypes.byref(options),
        )
        require(status, handle)
        return cls(value.value, callbacks)

    def build(self, until_step: int = 0, *, cancel: Cancel | None = None, progress: Progress | None = None) -> None:
        """Runs on to a step or, by default, to the guest's end, and leaves checkpoints."""
        limits = _abi.Limits()
        limits.struct_size = ctypes.sizeof(limits)
        limits.until_step = unsigned(until_step, "until_step")
        limits.progress = self._callbacks.progress(progress)
        self._call_limited("culverin_trace_build", limits=limits, cancel=cancel)

    def hash_at(self, step: int, cancel: Cancel | None = None) -> bytes:
        """The state hash before a step; behind the end the last state's."""
        return self._hash_long("culverin_trace_hash", unsigned(step, "step"), cancel=cancel)

    def hashes_at(self, steps: Sequence[int], cancel: Cancel | None = None) -> list[bytes]:
        """The state hashes at several steps, in the order asked."""
        buffer = (ctypes.c_uint8 * (32 * max(len(steps), 1)))()
        asked = steps_array(steps)
        self._call_long("culverin_trace_hashes", buffer, asked, len(steps), cancel=cancel)
        return [bytes(buffer[32 * at : 32 * at + 32]) for at in range(len(steps))]

    def claim_at(self, trace_index: int = FINAL, cancel: Cancel | None = None) -> bytes:
        """The claim at a trace index: the hash after trace_index + 1 steps; by default the final one."""
        return self._hash_long("culverin_trace_claim", unsigned(trace_index, "trace_index"), cancel=cancel)

    def prestate_hash(self) -> bytes:
        """The hash of the first state."""
        return self._hash("culverin_trace_prestate_hash")

    def proof_at(self, step: int, cancel: Cancel | None = None) -> Proof:
        """The proof of a step, checked."""
        proof = ctypes.c_void_p()
        self._call_long("culverin_trace_proof", ctypes.byref(proof), unsigned(step, "step"), cancel=cancel)
        return Proof(proof.value)

    def final(self, cancel: Cancel | None = None) -> TraceEnd:
        """The end of the trace; runs there if need be."""
        end = _abi.TraceEnd()
        end.struct_size = ctypes.sizeof(end)
        self._call_long("culverin_trace_final", ctypes.byref(end), cancel=cancel)
        witness = read_bytes(
            lambda *place: library.culverin_trace_final_witness(self._value, *place, None),
            self._value,
        )
        return TraceEnd(end.step, end.exit_code, bytes(end.state_hash), witness)


Analysis = dict


def analyze_elf(program: bytes, state_version: int | None = None) -> Analysis:
    """What a state version, or all, make of a program: fields as in `culverin analyze --json`."""
    handle = ctypes.c_void_p()
    wanted = _ALL_VERSIONS if state_version is None else unsigned(state_version, "state_version", 32)
    require(library.culverin_analyze_elf(ctypes.byref(handle), program, len(program), wanted))
    try:
        return json.loads(
            read_bytes(lambda *place: library.culverin_analysis_json(handle, *place), handle.value)
        )
    finally:
        require(library.culverin_analysis_free(handle))


def prestate_hash(path: Path) -> bytes:
    """The hash of a state file."""
    buffer = (ctypes.c_uint8 * 32)()
    require(library.culverin_prestate_hash(buffer, path_bytes(path)))
    return bytes(buffer)


def state_versions() -> list[tuple[int, str, int]]:
    """Number, name and word size in bits of all state versions."""
    versions = []
    info = _abi.VersionInfo()
    info.struct_size = ctypes.sizeof(info)
    while library.culverin_state_version(ctypes.byref(info), len(versions)) == _abi.OK:
        versions.append((info.state_version, info.name.decode(), info.word_bits))
    return versions


def selftest() -> None:
    """Raises if this library on this machine computes something wrong."""
    require(library.culverin_selftest())


def version() -> str:
    """The library's version."""
    length = ctypes.c_size_t()
    text = ctypes.create_string_buffer(64)
    require(library.culverin_version(text, 64, ctypes.byref(length)))
    return text.value.decode()
