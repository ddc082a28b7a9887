"""
Runs a program to its end, prints its root and the proof of one step:

    python example.py PROGRAM.elf STATE_VERSION STEP [PREIMAGES [RECORDING]]
"""

import sys

import culverin


def main(program: str, state_version: str, step: str, preimages: str | None = None, record: str | None = None):
    is_recording = preimages is not None and preimages.endswith(".record")
    with culverin.Machine.load_elf(
        program,
        int(state_version),
        folder=None if is_recording else preimages,
        replay=preimages if is_recording else None,
        record=record,
    ) as machine:
        machine.run(int(step))
        proof = machine.prove()
        proof.verify(int(state_version))
        machine.run()
        print(f"root 0x{machine.state_hash().hex()}")
        print(f"pre  0x{proof.pre_hash.hex()}")
        print(f"post 0x{proof.post_hash.hex()}")
        sys.stdout.write(proof.json.decode())
        machine.finish_preimages()


if __name__ == "__main__":
    main(*sys.argv[1:])
