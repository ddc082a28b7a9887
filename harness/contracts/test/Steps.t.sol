// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Engine, ProvenStep } from "./Engine.sol";

interface IMachine {
    function step(bytes calldata state, bytes calldata proof, bytes32 context) external returns (bytes32);
}

/// The engine's proofs before the production MIPS contract.
abstract contract Steps is Engine {
    IMachine internal machine;

    function deployMachine() internal {
        // Production's limits of large pre-image proposals; no step here reads one.
        address oracle = deploy("PreimageOracle", abi.encode(uint256(126_000), uint256(86_400)));
        machine = IMachine(deploy("MIPS", abi.encode(oracle)));
    }

    function check(ProvenStep memory proven) internal {
        // The hash of a state replaces the first byte by the status of the machine.
        assertEq(keccak256(proven.state) << 8, proven.pre << 8, "the state is not the one before the step");
        assertEq(machine.step(proven.state, proven.proof, 0), proven.post, "another state follows");
    }
}

/// Every step of a short guest, without an operating system's start.
contract ShortGuestTest is Steps {
    uint256 private count;

    function setUp() public {
        deployMachine();
        count = proveAll("short", "quirks");
    }

    function test_every_step_is_accepted_and_continues_the_one_before() public {
        require(count > 3_000, "the guest is shorter than it was");
        bytes32 last = provenStep(0).pre;
        for (uint256 step = 0; step < count; step++) {
            last = this.checkFrom(step, last);
        }
    }

    /// In a call of its own, so that the memory of each step is given up.
    function checkFrom(uint256 step, bytes32 last) external returns (bytes32) {
        ProvenStep memory proven = provenStep(step);
        assertEq(proven.pre, last, "the step does not continue the one before");
        if (asksBeyondHeap(proven)) {
            // Here the contract is known to give memory that the reference refuses.
            bytes32 found = machine.step(proven.state, proven.proof, 0);
            require(found != proven.post, "the contract knows the heap's end after all");
        } else {
            check(proven);
        }
        return proven.post;
    }

    function test_a_step_after_the_end_changes_nothing() public {
        ProvenStep memory proven = provenStep(count - 1);
        bytes memory exited = lastState(proven);
        assertEq(machine.step(exited, proven.proof, 0), proven.post, "an exited machine moved");
    }

    // The state that the last step leads to: the same but for program counter, exit code, mark and count.
    function lastState(ProvenStep memory proven) private returns (bytes memory exited) {
        exited = proven.state;
        // The exit marks: code at byte 88, mark at byte 89, steps in the eight bytes behind.
        bytes32 output = machine.step(proven.state, proven.proof, 0);
        exited[89] = 0x01;
        exited[88] = bytes1(uint8(7));
        uint64 steps = uint64(count);
        for (uint256 index = 0; index < 8; index++) {
            exited[90 + index] = bytes1(uint8(steps >> (8 * (7 - index))));
        }
        assertEq(keccak256(exited) << 8, output << 8, "the exited state is laid out otherwise");
    }

    function testFuzz_a_damaged_proof_of_the_instruction_is_refused(
        uint256 step,
        uint256 place,
        uint8 change
    )
        public
    {
        vm.assume(change != 0);
        ProvenStep memory proven = provenStep(step % (count - 1));

        // The first half proves the instruction: leaf and siblings.
        place %= proven.proof.length / 2;
        proven.proof[place] ^= bytes1(change);
        (bool accepted,) = tryStep(proven);
        require(!accepted, "the contract took a damaged proof");
    }

    function testFuzz_a_damaged_proof_of_the_data_is_refused(
        uint256 step,
        uint256 place,
        uint8 change
    )
        public
    {
        vm.assume(change != 0);

        // From any step to the next one that reads or writes memory: the opcodes from 0x20 on.
        ProvenStep memory proven;
        step %= count - 1;
        do {
            proven = provenStep(step++ % (count - 1));
        } while (uint8(proven.proof[wordAt(proven.state, 68) % 32]) >> 2 < 0x20);
        uint256 half = proven.proof.length / 2;
        proven.proof[half + place % half] ^= bytes1(change);
        (bool accepted,) = tryStep(proven);
        require(!accepted, "the contract took a damaged proof");
    }

    function testFuzz_a_proof_cut_short_is_refused(uint256 step, uint256 length) public {
        ProvenStep memory proven = provenStep(step % (count - 1));
        bytes memory proof = proven.proof;

        // The proof of the instruction lacks a whole sibling at least; that of the data may be unread.
        length %= proof.length / 2 - 32;
        assembly {
            mstore(proof, length)
        }
        (bool accepted,) = tryStep(proven);
        require(!accepted, "the contract took a proof cut short");
    }

    function tryStep(ProvenStep memory proven) private returns (bool accepted, bytes memory output) {
        (accepted, output) =
            address(machine).call(abi.encodeCall(IMachine.step, (proven.state, proven.proof, bytes32(0))));
    }
}

/// Any step of a long guest, each proven when it is asked for.
contract LongGuestTest is Steps {
    // Steps of the guest to its end.
    uint256 private constant Count = 300_780;

    function setUp() public {
        deployMachine();
        prepare("long", "allinsn");
    }

    function testFuzz_any_step_is_accepted(uint256 step) public {
        check(proveStep(step % Count));
    }

    function test_the_first_and_the_last_step_are_accepted() public {
        check(proveStep(0));
        check(proveStep(Count - 1));
    }
}
