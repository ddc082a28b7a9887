// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Engine, ProvenStep } from "./Engine.sol";
import { IGame, Suite } from "./Suite.sol";

/// Whole disputes about a guest's trace, down to the one step that the MIPS contract settles.
contract GameTest is Suite, Engine {
    // An even depth, so that the last claim is the proposer's and the challenger steps. Below the split and
    // the execution root there are thirteen halvings, enough for the guest.
    uint256 private constant MaxDepth = 16;

    address private constant Proposer = address(0x1001);
    address private constant Challenger = address(0x1002);

    uint256 private count;
    IGame private game;

    // The claim moved last: its index is one below the number of claims.
    bytes32 private lastClaim;
    uint256 private position;

    function setUp() public {
        count = proveAll("game", "quirks");
        address oracle = deploy("PreimageOracle", abi.encode(uint256(126_000), uint256(86_400)));
        deploySuite(deploy("MIPS", abi.encode(oracle)), stateAfter(0, count), MaxDepth);
        vm.deal(Proposer, 1_000 ether);
        vm.deal(Challenger, 1_000 ether);
    }

    function testFuzz_a_lie_about_any_step_is_settled_by_that_step(uint256 firstLie) public {
        firstLie %= count;

        // Where the contract itself departs from the reference there is nothing to win.
        vm.assume(!asksBeyondHeap(provenStep(firstLie)));
        playToTheLeaf(firstLie);
        (bool isAttack, ProvenStep memory proven) = decidingStep(firstLie);
        uint256 leaf = game.claimDataLen() - 1;
        vm.prank(Challenger);
        game.step(leaf, isAttack, proven.state, proven.proof);
        assertEq(resolveAll(), ChallengerWins, "the lie was not punished");
        collect();
    }

    function testFuzz_a_damaged_step_settles_nothing(uint256 firstLie, uint256 place, uint8 change) public {
        vm.assume(change != 0);
        firstLie %= count;
        vm.assume(!asksBeyondHeap(provenStep(firstLie)));
        playToTheLeaf(firstLie);
        (bool isAttack, ProvenStep memory proven) = decidingStep(firstLie);
        uint256 leaf = game.claimDataLen() - 1;
        place %= proven.state.length;
        proven.state[place] ^= bytes1(change);
        vm.expectRevert(abi.encodeWithSignature("InvalidPrestate()"));
        game.step(leaf, isAttack, proven.state, proven.proof);
        assertEq(resolveAll(), DefenderWins, "a lie that nobody countered was punished");
    }

    function test_a_right_step_cannot_counter_a_right_claim() public {
        // This lie leaves a last claim that is right, which only a defence answers.
        playToTheLeaf(1_001);
        (bool isAttack,) = decidingStep(1_001);
        require(!isAttack, "the last claim is a lie");
        uint256 leaf = game.claimDataLen() - 1;
        ProvenStep memory proven = provenStep(traceIndex(position));
        vm.expectRevert(abi.encodeWithSignature("ValidStep()"));
        game.step(leaf, true, proven.state, proven.proof);
    }

    // The proposer's trace is right before a step and made up from it on; the challenger's is right.
    function playToTheLeaf(uint256 firstLie) private {
        bytes32 root = keccak256("a forged output at block 104");
        vm.prank(Proposer);
        game = propose(root, AnchorBlock + 4);
        (lastClaim, position) = (root, 1);

        // They agree on block 102, not on 103: its derivation is what the guest decides.
        move(Challenger, true, keccak256("the output at block 102"));
        move(Proposer, false, keccak256("a forged output at block 103"));
        move(Challenger, true, stateAfter(count, count));
        bool isProposers = true;
        bool isAttack = true;
        for (uint256 depth = Split + 2; depth <= MaxDepth; depth++) {
            uint256 next = child(isAttack);
            move(isProposers ? Proposer : Challenger, isAttack, claimAt(next, isProposers, firstLie));
            isProposers = !isProposers;

            // The other side attacks what its own trace does not say, and defends what it does.
            isAttack = lastClaim != claimAt(position, isProposers, firstLie);
        }
    }

    function decidingStep(uint256 firstLie) private view returns (bool isAttack, ProvenStep memory) {
        isAttack = lastClaim != claimAt(position, false, firstLie);
        return (isAttack, provenStep(isAttack ? traceIndex(position) : traceIndex(position) + 1));
    }

    function claimAt(uint256 place, bool isProposers, uint256 firstLie) private view returns (bytes32) {
        uint256 index = traceIndex(place);
        return isProposers && index >= firstLie
            ? keccak256(abi.encode("made up", index))
            : stateAfter(index + 1, count);
    }

    // The last step below a claim, counted within the execution trace.
    function traceIndex(uint256 place) private pure returns (uint256) {
        while (place < 1 << MaxDepth) {
            place = 2 * place + 1;
        }
        return place % (1 << (MaxDepth - Split - 1));
    }

    function child(bool isAttack) private view returns (uint256) {
        return (isAttack ? position : position | 1) << 1;
    }

    function move(address player, bool isAttack, bytes32 claim) private {
        uint256 parent = game.claimDataLen() - 1;
        position = child(isAttack);
        uint256 bond = game.getRequiredBond(uint128(position));
        vm.prank(player);
        isAttack
            ? game.attack{ value: bond }(lastClaim, parent, claim)
            : game.defend{ value: bond }(lastClaim, parent, claim);
        lastClaim = claim;
    }

    function resolveAll() private returns (uint8) {
        vm.warp(block.timestamp + MaxClock + 1);
        for (uint256 index = game.claimDataLen(); index > 0; index--) {
            game.resolveClaim(index - 1, 0);
        }
        return game.resolve();
    }

    // All bonds of the game are the challenger's, and come after the delay.
    function collect() private {
        uint256 credit = game.credit(Challenger);
        uint256 before = Challenger.balance;
        require(game.credit(Proposer) == 0, "the liar gets something back");
        vm.expectRevert();
        game.claimCredit(Challenger);
        vm.warp(block.timestamp + BondDelay + 1);
        game.claimCredit(Challenger);
        assertEq(Challenger.balance, before + credit, "the bonds did not arrive");
        assertEq(Challenger.balance + Proposer.balance, 2_000 ether, "wei were lost");
    }
}
