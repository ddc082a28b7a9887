"""trace.py PROGRAM VERSION FOLDER PREIMAGES STEP...: what a trace answers, and how errors and callbacks behave."""

import pathlib
import sys

import culverin

program, version, folder, preimages, *steps = sys.argv[1:]
steps = [int(step) for step in steps]
values = pathlib.Path(preimages)
hints: list[bytes] = []


def preimage(key: bytes) -> bytes | None:
    file = values / key.hex()
    return file.read_bytes() if file.exists() else None


with culverin.Machine.load_elf(program, int(version)) as first:
    with culverin.Trace.open(folder, first, preimage=preimage, hint=hints.append) as trace:
        trace.build()
        print("prestate", trace.prestate_hash().hex())
        for step, found in zip(steps, trace.hashes_at(steps), strict=True):
            assert found == trace.hash_at(step)
            assert step == 0 or found == trace.claim_at(step - 1)
            print(step, found.hex())
        end = trace.final()
        assert trace.claim_at() == end.state_hash
        print("final", end.step, end.exit_code, end.state_hash.hex())
        proof = trace.proof_at(steps[-1])
        proof.verify(int(version))
        assert culverin.Proof.parse(proof.json).state_data == proof.state_data
        sys.stdout.write(proof.json.decode())
assert hints, "no hint came"


def fail(key: bytes) -> bytes:
    raise KeyError("no such thing")


with culverin.Machine.load_elf(program, int(version), preimage=fail) as machine:
    try:
        machine.run()
        raise SystemExit("A callback's error was lost.")
    except KeyError:
        pass
try:
    machine.step
    raise SystemExit("A closed machine was used.")
except culverin.CulverinError as error:
    assert error.code == 64
try:
    culverin.Machine.load_elf(b"no program", int(version))
    raise SystemExit("A wrong program was loaded.")
except culverin.CulverinError as error:
    assert error.code == 3 and "ELF" in str(error), error
with culverin.Cancel() as cancel, culverin.Machine.load_elf(program, int(version), folder=preimages) as machine:
    cancel.request()
    try:
        machine.run(cancel=cancel)
        raise SystemExit("A cancelled run went on.")
    except culverin.CulverinError as error:
        assert error.code == 12
    assert machine.run(stop_after_preimage=True) == "preimage"
    assert machine.describe().last_preimage is not None
    assert machine.run(timeout_milliseconds=60_000) == "exited"
    assert machine.witness()
assert (8, "multithreaded64-5", 64) in culverin.state_versions()
culverin.selftest()
