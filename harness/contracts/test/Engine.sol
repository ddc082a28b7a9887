// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ArtifactTest } from "./Cheats.sol";

/// One step as the engine proves it: the state before it with its proof, and the hashes around it.
struct ProvenStep {
    bytes state;
    bytes proof;
    bytes32 pre;
    bytes32 post;
}

/// Asks the engine for proofs of a guest's steps.
abstract contract Engine is ArtifactTest {
    string private folder;

    /// Makes the guest's first state. The name keeps test contracts that run side by side apart.
    function prepare(string memory name, string memory guest) internal {
        run("prepare", name, guest);
        folder = name;
    }

    /// The same, and proves every step to the guest's end; returns how many there are.
    function proveAll(string memory name, string memory guest) internal returns (uint256 count) {
        count = abi.decode(run("all", name, guest), (uint256));
        folder = name;
    }

    /// Proves one step, after prepare.
    function proveStep(uint256 step) internal returns (ProvenStep memory) {
        return read(string(run("step", folder, vm.toString(step))));
    }

    /// The proof of one step, after proveAll.
    function provenStep(uint256 step) internal view returns (ProvenStep memory) {
        return read(vm.readFile(pathOf(step)));
    }

    /// The hash of the state after so many steps, after proveAll; the last one stays for ever.
    function stateAfter(uint256 steps, uint256 count) internal view returns (bytes32) {
        return steps == 0
            ? vm.parseJsonBytes32(vm.readFile(pathOf(0)), ".pre")
            : vm.parseJsonBytes32(vm.readFile(pathOf((steps > count ? count : steps) - 1)), ".post");
    }

    /// Whether the step is the system call mmap (4090) for more than the heap has left, which ends at
    /// 0x60000000 for the reference and nowhere for the contract.
    function asksBeyondHeap(ProvenStep memory proven) internal pure returns (bool) {
        bytes memory state = proven.state;
        return wordAt(proven.proof, wordAt(state, 68) % 32) == 0x0000000c && register(state, 2) == 4090
            && register(state, 4) == 0 && wordAt(state, 84) + register(state, 5) > 0x60000000;
    }

    /// A register in a state's witness: four bytes each from byte 98 on.
    function register(bytes memory state, uint256 number) private pure returns (uint256) {
        return wordAt(state, 98 + 4 * number);
    }

    /// Four bytes, big-endian.
    function wordAt(bytes memory data, uint256 place) internal pure returns (uint256 value) {
        for (uint256 index = 0; index < 4; index++) {
            value = (value << 8) | uint8(data[place + index]);
        }
    }

    function pathOf(uint256 step) private view returns (string memory) {
        string memory name = string.concat(folder, "/", vm.toString(step), ".json");
        return string.concat("node_modules/.cache/culverin/solidity/", name);
    }

    function read(string memory json) private pure returns (ProvenStep memory) {
        return ProvenStep({
            state: vm.parseJsonBytes(json, ".state-data"),
            proof: vm.parseJsonBytes(json, ".proof-data"),
            pre: vm.parseJsonBytes32(json, ".pre"),
            post: vm.parseJsonBytes32(json, ".post")
        });
    }

    function run(string memory verb, string memory name, string memory what) private returns (bytes memory) {
        string[] memory command = new string[](5);
        (command[0], command[1]) = ("sh", "test/prove.sh");
        (command[2], command[3], command[4]) = (verb, name, what);
        return vm.ffi(command);
    }
}
