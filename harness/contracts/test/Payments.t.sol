// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IGame, OutputRootProof, Withdrawal } from "./Suite.sol";
import { Withdrawals } from "./Withdrawals.sol";

/// Anyone doing anything in any order with a few withdrawals and many games, and a record of payments.
contract Crowd is Withdrawals {
    uint256 public constant Count = 2;
    uint256 public constant Amount = 1 ether;

    // Of each withdrawal: the game it was proven on last, and that when it was paid.
    IGame[Count] private provenOn;
    IGame[Count] public paidOn;
    uint256[Count] public payments;

    // Of each game: which withdrawal's output it claims.
    IGame[] private games;
    uint256[] private claimed;

    receive() external payable { }

    constructor() {
        deployToySuite();
        vm.deal(address(portal), 100 ether);
        vm.deal(address(this), 1_000_000 ether);
    }

    function proposeOutput(uint256 which, uint8 later) external {
        which %= Count;
        (OutputRootProof memory output,) = proofOf(withdrawal(which));
        (, uint256 anchorBlock) = registry.anchors(GameType);
        games.push(propose(rootOf(output), anchorBlock + 1 + later));
        claimed.push(which);
        vm.warp(block.timestamp + 1);
    }

    function challenge(uint256 seed) external {
        if (seed % 3 != 0) {
            return;
        }
        seed /= 3;
        uint256 index = seed % games.length;
        (OutputRootProof memory output,) = proofOf(withdrawal(claimed[index]));
        IGame game = games[index];
        game.attack{ value: game.getRequiredBond(2) }(rootOf(output), 0, keccak256(abi.encode(seed)));
    }

    function prove(uint256 seed) external {
        uint256 index = seed % games.length;
        (OutputRootProof memory output, bytes[] memory nodes) = proofOf(withdrawal(claimed[index]));
        portal.proveWithdrawalTransaction(withdrawal(claimed[index]), index, output, nodes);
        provenOn[claimed[index]] = games[index];
    }

    function resolve() external {
        for (uint256 index = 0; index < games.length; index++) {
            IGame game = games[index];
            for (uint256 claim = game.claimDataLen(); claim > 0; claim--) {
                try game.resolveClaim(claim - 1, 0) { } catch { }
            }
            try game.resolve() { } catch { }
        }
    }

    function blacklist(uint256 seed) external {
        if (seed % 10 == 0) {
            portal.blacklistDisputeGame(address(games[(seed / 10) % games.length]));
        }
    }

    function pay(uint256 which) external {
        which %= Count;
        portal.finalizeWithdrawalTransaction(withdrawal(which));
        payments[which]++;
        paidOn[which] = provenOn[which];
    }

    function letTimePass(uint16 time) external {
        vm.warp(block.timestamp + time % (2 * MaxClock));
    }

    function isSound(uint256 which) external view returns (bool) {
        return paidOn[which].status() == DefenderWins;
    }

    function clock() external pure returns (uint64) {
        return MaxClock;
    }

    function target(uint256 which) public pure returns (address) {
        return address(uint160(0x7a26e700 + which));
    }

    function withdrawal(uint256 which) private pure returns (Withdrawal memory) {
        return withdrawalTo(target(which), Amount, which);
    }
}

/// What holds whatever the crowd does.
contract PaymentsTest {
    Crowd private crowd;

    function setUp() public {
        crowd = new Crowd();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(crowd);
    }

    function test_the_crowd_can_have_a_withdrawal_paid() public {
        crowd.proposeOutput(0, 0);
        crowd.prove(0);
        crowd.letTimePass(uint16(crowd.clock()));
        crowd.resolve();
        crowd.letTimePass(uint16(crowd.clock()));
        crowd.pay(0);
        require(crowd.payments(0) == 1 && crowd.isSound(0), "nothing was paid");
    }

    function invariant_nothing_is_paid_twice() public view {
        for (uint256 which = 0; which < crowd.Count(); which++) {
            uint256 payments = crowd.payments(which);
            require(payments <= 1, "a withdrawal was paid twice");
            require(crowd.target(which).balance == payments * crowd.Amount(), "another sum was paid");
        }
    }

    function invariant_nothing_is_paid_by_a_lost_game() public view {
        for (uint256 which = 0; which < crowd.Count(); which++) {
            require(crowd.payments(which) == 0 || crowd.isSound(which), "a lost game paid a withdrawal");
        }
    }
}
