// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ArtifactTest } from "./Cheats.sol";

interface IProxy {
    function upgradeToAndCall(address implementation, bytes calldata data) external payable;
}

interface IFactory {
    function create(uint32 gameType, bytes32 root, bytes calldata extra) external payable returns (IGame);
    function initialize(address owner) external;
    function setImplementation(uint32 gameType, address game) external;
    function setInitBond(uint32 gameType, uint256 bond) external;
}

interface IGame {
    function attack(bytes32 disputed, uint256 parent, bytes32 claim) external payable;
    function defend(bytes32 disputed, uint256 parent, bytes32 claim) external payable;
    function step(uint256 claim, bool isAttack, bytes calldata state, bytes calldata proof) external;
    function resolveClaim(uint256 claim, uint256 count) external;
    function resolve() external returns (uint8);
    function status() external view returns (uint8);
    function claimDataLen() external view returns (uint256);
    function claimCredit(address recipient) external;
    function credit(address recipient) external view returns (uint256);
    function getRequiredBond(uint128 position) external view returns (uint256);
}

interface IRegistry {
    struct OutputRoot {
        bytes32 root;
        uint256 l2BlockNumber;
    }

    struct StartingAnchorRoot {
        uint32 gameType;
        OutputRoot outputRoot;
    }

    function initialize(StartingAnchorRoot[] calldata roots) external;
    function anchors(uint32 gameType) external view returns (bytes32 root, uint256 l2BlockNumber);
}

interface ISystemConfig {
    struct ResourceConfig {
        uint32 maxResourceLimit;
        uint8 elasticityMultiplier;
        uint8 baseFeeMaxChangeDenominator;
        uint32 minimumBaseFee;
        uint32 systemTxMaxGas;
        uint128 maximumBaseFee;
    }

    struct Addresses {
        address l1CrossDomainMessenger;
        address l1ERC721Bridge;
        address l1StandardBridge;
        address disputeGameFactory;
        address optimismPortal;
        address optimismMintableERC20Factory;
        address gasPayingToken;
    }

    function initialize(
        address owner,
        uint32 baseFeeScalar,
        uint32 blobBaseFeeScalar,
        bytes32 batcher,
        uint64 gasLimit,
        address unsafeBlockSigner,
        ResourceConfig calldata config,
        address batchInbox,
        Addresses calldata addresses
    )
        external;
}

struct Withdrawal {
    uint256 nonce;
    address sender;
    address target;
    uint256 value;
    uint256 gasLimit;
    bytes data;
}

struct OutputRootProof {
    bytes32 version;
    bytes32 stateRoot;
    bytes32 messagePasserStorageRoot;
    bytes32 latestBlockhash;
}

interface IPortal {
    function proveWithdrawalTransaction(
        Withdrawal calldata withdrawal,
        uint256 gameIndex,
        OutputRootProof calldata output,
        bytes[] calldata nodes
    )
        external;
    function finalizeWithdrawalTransaction(Withdrawal calldata withdrawal) external;
    function finalizeWithdrawalTransactionExternalProof(
        Withdrawal calldata withdrawal,
        address prover
    )
        external;
    function finalizedWithdrawals(bytes32 hash) external view returns (bool);
    function blacklistDisputeGame(address game) external;
    function initialize(address factory, address system, address superchain, uint32 gameType) external;
}

/// The parts of the suite that games and withdrawals need, behind proxies; this contract is every owner
/// and the guardian.
abstract contract Suite is ArtifactTest {
    uint32 internal constant GameType = 0;
    uint64 internal constant MaxClock = 1200;
    uint64 internal constant ClockExtension = 30;
    uint256 internal constant L2ChainId = 901;
    uint256 internal constant Split = 2;
    uint256 internal constant BondDelay = 600;
    uint256 internal constant ProofMaturity = 600;
    uint256 internal constant GameFinality = 300;
    uint256 internal constant AnchorBlock = 100;
    uint256 internal constant RootBond = 0.08 ether;

    // The status of a game.
    uint8 internal constant ChallengerWins = 1;
    uint8 internal constant DefenderWins = 2;

    IFactory internal factory;
    IRegistry internal registry;
    IPortal internal portal;

    function deploySuite(address machine, bytes32 prestate, uint256 maxDepth) internal {
        // A block with a past and a time, as games look back for their L1 head.
        vm.roll(1_000);
        vm.warp(1_700_000_000);
        address superchain = proxied(
            "SuperchainConfig", "", abi.encodeWithSignature("initialize(address,bool)", address(this), false)
        );
        bytes memory owner = abi.encodeCall(IFactory.initialize, (address(this)));
        factory = IFactory(proxied("DisputeGameFactory", "", owner));
        registry = IRegistry(proxied("AnchorStateRegistry", abi.encode(factory), anchor()));
        owner = abi.encodeWithSignature("initialize(address,address)", address(this), superchain);
        address weth = proxied("DelayedWETH", abi.encode(BondDelay), owner);
        deployPortal(superchain);
        bytes memory limits = abi.encode(GameType, prestate, maxDepth, Split, ClockExtension, MaxClock);
        bytes memory parts = abi.encode(machine, weth, registry, L2ChainId);
        factory.setImplementation(GameType, deploy("FaultDisputeGame", bytes.concat(limits, parts)));
        factory.setInitBond(GameType, RootBond);
    }

    /// Makes a game for a root at an L2 block, paid by whoever is pranked.
    function propose(bytes32 root, uint256 l2Block) internal returns (IGame) {
        return factory.create{ value: RootBond }(GameType, root, abi.encode(l2Block));
    }

    function deployPortal(address superchain) private {
        address system = proxied("SystemConfig", "", systemConfig());
        portal = IPortal(
            proxied(
                "OptimismPortal2",
                abi.encode(ProofMaturity, GameFinality),
                abi.encodeCall(IPortal.initialize, (address(factory), system, superchain, GameType))
            )
        );
    }

    function anchor() private pure returns (bytes memory) {
        IRegistry.StartingAnchorRoot[] memory roots = new IRegistry.StartingAnchorRoot[](1);
        roots[0] = IRegistry.StartingAnchorRoot(
            GameType, IRegistry.OutputRoot(keccak256("the anchor"), AnchorBlock)
        );
        return abi.encodeCall(IRegistry.initialize, (roots));
    }

    function systemConfig() private view returns (bytes memory) {
        ISystemConfig.ResourceConfig memory resources =
            ISystemConfig.ResourceConfig(20_000_000, 10, 8, 1 gwei, 1_000_000, type(uint128).max);
        ISystemConfig.Addresses memory addresses;

        // Stands for ether.
        addresses.gasPayingToken = 0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE;
        return abi.encodeCall(
            ISystemConfig.initialize,
            (address(this), 1368, 810949, 0, 60_000_000, address(this), resources, address(0xff), addresses)
        );
    }

    function proxied(
        string memory name,
        bytes memory arguments,
        bytes memory initialization
    )
        private
        returns (address proxy)
    {
        proxy = deploy("Proxy", abi.encode(address(this)));
        IProxy(proxy).upgradeToAndCall(deploy(name, arguments), initialization);
    }
}
