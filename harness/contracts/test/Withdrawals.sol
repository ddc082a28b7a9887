// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { OutputRootProof, Suite, Withdrawal } from "./Suite.sol";

/// Withdrawals that are alone in their L2 block, so that a trie of one leaf proves each.
abstract contract Withdrawals is Suite {
    /// A suite whose games need no machine.
    function deployToySuite() internal {
        bytes32 prestate = keccak256("any prestate");
        deploySuite(deploy("AlphabetVM", abi.encode(prestate, address(0))), prestate, 12);
    }

    function withdrawalTo(
        address target,
        uint256 value,
        uint256 nonce
    )
        internal
        pure
        returns (Withdrawal memory)
    {
        return Withdrawal({
            nonce: nonce,
            sender: address(0xa11ce),
            target: target,
            value: value,
            gasLimit: 100_000,
            data: ""
        });
    }

    function hashOf(Withdrawal memory withdrawal) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                withdrawal.nonce,
                withdrawal.sender,
                withdrawal.target,
                withdrawal.value,
                withdrawal.gasLimit,
                withdrawal.data
            )
        );
    }

    /// The proof of the withdrawal, and the output whose storage holds nothing else.
    function proofOf(Withdrawal memory withdrawal)
        internal
        pure
        returns (OutputRootProof memory output, bytes[] memory nodes)
    {
        // The slot of the first mapping's entry, and its key in the trie.
        bytes32 key = keccak256(abi.encode(keccak256(abi.encode(hashOf(withdrawal), uint256(0)))));

        // A list of the whole key, marked as a leaf's of even length, and the value one.
        nodes = new bytes[](1);
        nodes[0] = abi.encodePacked(hex"e3a120", key, hex"01");
        output = OutputRootProof({
            version: 0,
            stateRoot: keccak256("any state"),
            messagePasserStorageRoot: keccak256(nodes[0]),
            latestBlockhash: keccak256("any block")
        });
    }

    function rootOf(OutputRootProof memory output) internal pure returns (bytes32) {
        return keccak256(abi.encode(output));
    }
}
