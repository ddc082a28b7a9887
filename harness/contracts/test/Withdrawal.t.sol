// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IGame, OutputRootProof, Withdrawal } from "./Suite.sol";
import { Withdrawals } from "./Withdrawals.sol";

/// One withdrawal from its proof to its payment, and everything that must stop it.
contract WithdrawalTest is Withdrawals {
    address private constant Target = address(0x7a26e7);
    uint256 private constant Amount = 3 ether + 1;

    Withdrawal private withdrawal;
    IGame private game;

    receive() external payable { }

    function setUp() public {
        deployToySuite();
        vm.deal(address(portal), 10 ether);
        vm.deal(address(this), 1_000 ether);
        withdrawal = withdrawalTo(Target, Amount, 1);
        (OutputRootProof memory output,) = proofOf(withdrawal);
        game = propose(rootOf(output), AnchorBlock + 1);
        vm.warp(block.timestamp + 1);
    }

    function test_it_is_paid_to_the_wei_and_once() public {
        prove();
        vm.warp(block.timestamp + MaxClock);
        resolve(DefenderWins);
        vm.warp(block.timestamp + GameFinality + 1);
        portal.finalizeWithdrawalTransaction(withdrawal);
        assertEq(Target.balance, Amount, "another sum was paid");
        require(portal.finalizedWithdrawals(hashOf(withdrawal)), "the payment is not noted");
        vm.expectRevert();
        portal.finalizeWithdrawalTransaction(withdrawal);
        assertEq(Target.balance, Amount, "it was paid twice");
    }

    function test_another_may_pay_it_out_by_the_provers_name() public {
        prove();
        vm.warp(block.timestamp + MaxClock);
        resolve(DefenderWins);
        vm.warp(block.timestamp + GameFinality + 1);
        vm.startPrank(address(0xbeef));
        vm.expectRevert();
        portal.finalizeWithdrawalTransaction(withdrawal);
        portal.finalizeWithdrawalTransactionExternalProof(withdrawal, address(this));
        vm.stopPrank();
        assertEq(Target.balance, Amount, "another sum was paid");
    }

    function testFuzz_it_waits_for_proof_and_game(uint256 early) public {
        uint256 proven = block.timestamp;
        prove();
        vm.warp(proven + MaxClock);
        resolve(DefenderWins);
        vm.warp(block.timestamp + early % (GameFinality + 1));
        vm.expectRevert(bytes("OptimismPortal: output proposal in air-gap"));
        portal.finalizeWithdrawalTransaction(withdrawal);
    }

    function test_it_dies_with_its_game() public {
        prove();
        (OutputRootProof memory output,) = proofOf(withdrawal);
        game.attack{ value: game.getRequiredBond(2) }(rootOf(output), 0, keccak256("another output"));
        vm.warp(block.timestamp + MaxClock + 1);
        game.resolveClaim(1, 0);
        resolve(ChallengerWins);
        vm.warp(block.timestamp + GameFinality + ProofMaturity);
        vm.expectRevert(bytes("OptimismPortal: output proposal has not been validated"));
        portal.finalizeWithdrawalTransaction(withdrawal);
    }

    function testFuzz_a_changed_withdrawal_is_not_proven(
        uint256 value,
        address target,
        uint256 nonce
    )
        public
    {
        Withdrawal memory other = withdrawalTo(target, value, nonce);
        vm.assume(hashOf(other) != hashOf(withdrawal) && target != address(portal));
        (OutputRootProof memory output, bytes[] memory nodes) = proofOf(withdrawal);
        vm.expectRevert();
        portal.proveWithdrawalTransaction(other, 0, output, nodes);
    }

    function testFuzz_a_damaged_proof_proves_nothing(uint256 place, uint8 change) public {
        vm.assume(change != 0);
        (OutputRootProof memory output, bytes[] memory nodes) = proofOf(withdrawal);
        place %= nodes[0].length;
        nodes[0][place] ^= bytes1(change);
        vm.expectRevert();
        portal.proveWithdrawalTransaction(withdrawal, 0, output, nodes);
    }

    function prove() private {
        (OutputRootProof memory output, bytes[] memory nodes) = proofOf(withdrawal);
        portal.proveWithdrawalTransaction(withdrawal, 0, output, nodes);
    }

    function resolve(uint8 expected) private {
        game.resolveClaim(0, 0);
        assertEq(game.resolve(), expected, "the game ended otherwise");
    }
}
