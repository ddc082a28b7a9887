"""arguments.py PROGRAM VERSION FOLDER: arguments that the library would cut or wrap are refused."""

import pathlib
import sys

import culverin

program, version, folder = sys.argv[1:]
version = int(version)
NUL = folder + "/a\0b"


def raises(kind: type[Exception], body) -> None:
    try:
        body()
    except kind:
        return
    raise SystemExit(f"No {kind.__name__} at line {body.__code__.co_firstlineno}.")


for number in (-1, 2**64):
    with culverin.Machine.load_elf(program, version) as machine:
        raises(OverflowError, lambda: machine.run(number))
        raises(OverflowError, lambda: machine.run(timeout_milliseconds=number))
        raises(OverflowError, lambda: machine.run(memory_bytes_max=number))
        raises(OverflowError, lambda: machine.hashes([0, number]))
        raises(OverflowError, lambda: culverin.Trace.open(folder, machine, spacing_steps=number))
        raises(OverflowError, lambda: culverin.Trace.open(folder, machine, disk_bytes_max=number))
        raises(OverflowError, lambda: culverin.Trace.open(folder, machine, lock_timeout_milliseconds=number))
        with culverin.Trace.open(folder, machine) as trace:
            raises(OverflowError, lambda: trace.build(number))
            raises(OverflowError, lambda: trace.hash_at(number))
            raises(OverflowError, lambda: trace.hashes_at([number]))
            raises(OverflowError, lambda: trace.claim_at(number))
            raises(OverflowError, lambda: trace.proof_at(number))
        assert machine.step == 0
content = pathlib.Path(program).read_bytes()
with culverin.Machine.load_elf(program, version) as machine:
    proof = machine.prove()
    for number in (-1, 2**32, 2**32 + version):
        raises(OverflowError, lambda: culverin.Machine.load_elf(program, number))
        raises(OverflowError, lambda: culverin.analyze_elf(content, number))
        raises(OverflowError, lambda: proof.verify(number))
    raises(TypeError, lambda: machine.run(1.5))
    raises(ValueError, lambda: machine.save(NUL))
    raises(ValueError, lambda: proof.save(NUL))
    raises(ValueError, lambda: culverin.Trace.open(NUL, machine))
    raises(ValueError, lambda: culverin.Trace.open(folder, machine, input_name="a\0b"))
raises(ValueError, lambda: culverin.Machine.load_state(NUL))
raises(ValueError, lambda: culverin.Proof.load(NUL))
raises(ValueError, lambda: culverin.prestate_hash(NUL))
raises(ValueError, lambda: culverin.Machine.load_elf(program + "\0.elf", version))
for name in ("folder", "replay", "record"):
    raises(ValueError, lambda: culverin.Machine.load_elf(program, version, **{name: NUL}))
raises(ValueError, lambda: culverin.Machine.load_state("state.bin", meta=NUL))
raises(ValueError, lambda: culverin.Machine.load_elf(program, version, server=["server", "a\0b"]))
assert not pathlib.Path(folder, "a").exists()
assert culverin.__version__ == culverin.version()
print(culverin.__version__)
