"""interrupt.py PROGRAM VERSION FOLDER: Ctrl-C during calls, on an endless program and on one that asks a silent server."""

import os
import signal
import struct
import sys
import threading
import time

import culverin

program, version, folder = sys.argv[1:]


def endless(code: list[int]) -> bytes:
    """A big-endian 32-bit MIPS program of these instructions, with an empty symbol table."""
    words = struct.pack(f">{len(code)}I", *code)
    start, head_size = 0x10000, 52 + 32
    symbols = head_size + len(words)
    head = b"\x7fELF\x01\x02\x01" + bytes(9)
    head += struct.pack(">HHIIIIIHHHHHH", 2, 8, 1, start, 52, symbols + 17, 0, 52, 32, 1, 40, 3, 2)
    segment = struct.pack(">8I", 1, head_size, start, start, len(words), len(words), 5, 1)
    sections = bytes(40)
    sections += struct.pack(">10I", 0, 2, 0, 0, symbols, 16, 2, 1, 4, 16)
    sections += struct.pack(">10I", 0, 3, 0, 0, symbols + 16, 1, 0, 0, 1, 0)
    return head + segment + words + bytes(17) + sections


# t0 = t0 + 1 for ever; and the same with a write of one byte to standard output in each round.
QUIET = endless([0x25080001, 0x1000FFFE, 0])
LOUD = endless([0x24020FA4, 0x24040001, 0x3C050001, 0x24060001, 0x0000000C, 0x1000FFFA, 0])


def interrupted(name: str, body, expected=KeyboardInterrupt) -> None:
    sent = []

    def send() -> None:
        sent.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(0.5, send)
    timer.start()
    try:
        body()
    except expected:
        print(f"{name}: after {time.monotonic() - sent[0]:.3f} s", file=sys.stderr)
    else:
        raise SystemExit(f"{name}: Ctrl-C was lost.")
    finally:
        timer.join()
    assert signal.set_wakeup_fd(-1) == -1, "The wake-up descriptor was not given back."


def silent(key: bytes) -> bytes:
    time.sleep(3600)
    return b""


for interpret in (False, True):
    with culverin.Machine.load_elf(QUIET, 2, interpret=interpret) as machine:
        interrupted("run", machine.run)
        assert machine.step > 0
        with culverin.Cancel() as cancel:
            interrupted("run with a token", lambda: machine.run(cancel=cancel))
            # The token was not used up.
            assert machine.run(machine.step + 10, cancel=cancel) == "step"
        interrupted("hashes", lambda: machine.hashes([2**60]))
with culverin.Machine.load_elf(LOUD, 2, output=lambda descriptor, text: None) as machine:
    interrupted("output callback", machine.run)



def full(descriptor: int, text: bytes) -> None:
    raise OSError("The disk is full.")


with culverin.Machine.load_elf(LOUD, 2, output=full) as machine:
    try:
        machine.run()
        raise SystemExit("What a callback raised was lost.")
    except OSError:
        assert machine.step < 100_000, machine.step
with culverin.Machine.load_elf(program, int(version), preimage=silent) as machine:
    interrupted("pre-image callback", machine.run)
with culverin.Machine.load_elf(program, int(version), server=["sleep", "3600"]) as machine:
    interrupted("silent server", machine.run)
with culverin.Machine.load_elf(QUIET, 2) as machine:
    with culverin.Trace.open(folder, machine) as trace:
        interrupted("trace build", trace.build)
        interrupted("trace hash", lambda: trace.hash_at(2**60))


# A handler of the caller's is run during the call, and decides.
class Special(Exception):
    pass


def special(number, frame) -> None:
    raise Special


heard = []
default = signal.signal(signal.SIGINT, special)
with culverin.Machine.load_elf(QUIET, 2) as machine:
    interrupted("own handler", machine.run, Special)
    signal.signal(signal.SIGINT, lambda number, frame: heard.append(machine))
    threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    assert machine.run(timeout_milliseconds=3000) == "deadline"
    assert heard, "The handler was not run."
    signal.signal(signal.SIGINT, default)
    assert machine.run(machine.step + 10) == "step"

# So it is with any other signal, such as that of a time-out, whenever it comes.
before = signal.signal(signal.SIGALRM, special)
for interpret in (False, True):
    with culverin.Machine.load_elf(QUIET, 2, interpret=interpret) as machine:
        for attempt in range(10):
            signal.setitimer(signal.ITIMER_REAL, 0.05 + attempt / 100)
            try:
                machine.run(timeout_milliseconds=60_000)
                raise SystemExit("What the handler of SIGALRM raised was lost.")
            except Special:
                assert signal.getsignal(signal.SIGALRM) is special
                assert signal.getsignal(signal.SIGINT) is default
with culverin.Machine.load_elf(LOUD, 2, output=lambda descriptor, text: None) as machine:
    for attempt in range(10):
        signal.setitimer(signal.ITIMER_REAL, 0.05 + attempt / 100)
        try:
            machine.run(timeout_milliseconds=60_000)
            raise SystemExit("What the handler of SIGALRM raised was lost.")
        except Special:
            pass
signal.signal(signal.SIGALRM, before)

# Other users of the wake-up descriptor hear of signals, too.
read, write = os.pipe()
os.set_blocking(write, False)
signal.set_wakeup_fd(write)
with culverin.Machine.load_elf(QUIET, 2) as machine:
    threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    try:
        machine.run()
    except KeyboardInterrupt:
        pass
assert os.read(read, 10) == bytes([signal.SIGINT])
assert signal.set_wakeup_fd(-1) == write
print("done")
