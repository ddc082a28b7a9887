using System;
using System.Linq;
using System.Numerics;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Chain;

namespace Culverin.Harness.Arenas;

/// <summary>
/// The classic arena's L1: the whole suite of the contracts package behind its proxies, with a Security
/// Council whose deputy may act for it. Made in two parts, since the L2's first block names contracts of
/// the L1, and the L1's anchor names a block of the L2.
/// </summary>
internal sealed class ClassicDeployment
{
    /// <summary>How many owners of the Security Council must sign: three quarters.</summary>
    public const int CouncilThreshold = 3;

    // Production's names and values.
    private const string MessengerName = "OVM_L1CrossDomainMessenger";
    private const int ChugSplashProxyType = 1;
    private const int ResolvedProxyType = 2;
    private const int BaseFeeScalar = 1_368;
    private const int BlobBaseFeeScalar = 810_949;

    // Stands for ether where a chain's gas token is named.
    private static readonly Address Ether = Address.Parse("0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee");

    private readonly DeploymentPlan _plan;
    private readonly ArenaOptions _options;
    private readonly ArenaAccounts _accounts;
    private readonly Address _batchInbox;
    private readonly Contract _resolvedMessenger;
    private readonly Contract _chugSplashBridge;

    /// <summary>Plans the contracts; nothing is sent.</summary>
    public ClassicDeployment(
        DeploymentPlan plan, ArenaOptions options, ArenaAccounts accounts, Address batchInbox)
    {
        _plan = plan;
        _options = options;
        _accounts = accounts;
        _batchInbox = batchInbox;
        Contract proxyAdmin = plan.Create("ProxyAdmin", accounts.Owner.Address);
        AddressManager = plan.Create("AddressManager");
        _resolvedMessenger = plan.Create("ResolvedDelegateProxy", AddressManager.Address, MessengerName);
        _chugSplashBridge = plan.Create("L1ChugSplashProxy", proxyAdmin.Address);
        Contract oracle = plan.Create(
            "PreimageOracle", options.LargePreimageBytesMin, options.LargePreimageChallengeSeconds);
        Contract machine = options.Machine == ArenaMachine.Mips
            ? plan.Create("MIPS", oracle.Address)
            : plan.Create("AlphabetVM", options.AbsolutePrestate, oracle.Address);
        Contract factory = Proxied("DisputeGameFactory", proxyAdmin);
        Contract registry = Proxied("AnchorStateRegistry", proxyAdmin);
        Contract weth = Proxied("DelayedWETH", proxyAdmin);
        Contract permissionedWeth = Proxied("DelayedWETH", proxyAdmin);
        AbiValue[] game = GameParameters(GameTypes.Fault, machine, weth, registry);
        AbiValue[] permissioned =
        [
            .. GameParameters(GameTypes.Permissioned, machine, permissionedWeth, registry),
            accounts.Proposer.Address,
            accounts.Challenger.Address,
        ];
        Contracts = new L1Contracts
        {
            ProxyAdmin = proxyAdmin,
            SuperchainConfig = Proxied("SuperchainConfig", proxyAdmin),
            SystemConfig = Proxied("SystemConfig", proxyAdmin),
            Portal = Proxied("OptimismPortal2", proxyAdmin),
            Messenger = Behind(_resolvedMessenger, "L1CrossDomainMessenger"),
            Bridge = Behind(_chugSplashBridge, "L1StandardBridge"),
            Erc721Bridge = Proxied("L1ERC721Bridge", proxyAdmin),
            TokenFactory = Proxied("OptimismMintableERC20Factory", proxyAdmin),
            Factory = factory,
            AnchorRegistry = registry,
            Weth = weth,
            PermissionedWeth = permissionedWeth,
            FaultGame = plan.Create("FaultDisputeGame", game),
            PermissionedGame = plan.Create("PermissionedDisputeGame", permissioned),
            Oracle = oracle,
            Machine = machine,
        };
        ProtocolVersions = Proxied("ProtocolVersions", proxyAdmin);
        Contract safe = plan.Create("GnosisSafe");
        Contract safes = plan.Create("GnosisSafeProxyFactory");

        // A contract's own creations are numbered from one, and this one makes nothing else.
        Council = new MultiSignature(safe.At(Address.OfCreated(safes.Address, 1)), options.L1ChainId);
        plan.Call(safes, "createProxy", safe.Address, EncodeCouncilSetup());
        DeputyModule = plan.Create(
            "DeputyGuardianModule",
            Council.Contract.Address,
            Contracts.SuperchainConfig.Address,
            accounts.Deputy.Address);
    }

    public L1Contracts Contracts { get; }

    public Contract AddressManager { get; }

    public Contract ProtocolVersions { get; }

    public MultiSignature Council { get; }

    public Contract DeputyModule { get; }

    /// <summary>Plans the set-up with this anchor and sends all into one block.</summary>
    public async Task ExecuteAsync(
        Anvil anvil, ulong anchorBlock, Bytes32 anchorRoot, CancellationToken cancellation)
    {
        PlanProxies();
        PlanImplementations(anchorBlock, anchorRoot);
        PlanBridges();
        PlanGames();
        PlanDeputy();
        await _plan.ExecuteAsync(anvil, cancellation).ConfigureAwait(false);
    }

    private void PlanProxies()
    {
        // The admin itself must own the manager to change what a resolved proxy resolves to.
        Contract admin = Contracts.ProxyAdmin;
        _plan.Call(AddressManager, "transferOwnership", admin.Address);
        _plan.Call(admin, "setAddressManager", AddressManager.Address);
        _plan.Call(admin, "setProxyType", _resolvedMessenger.Address, ResolvedProxyType);
        _plan.Call(admin, "setImplementationName", _resolvedMessenger.Address, MessengerName);
        _plan.Call(admin, "setProxyType", _chugSplashBridge.Address, ChugSplashProxyType);
    }

    private void PlanImplementations(ulong anchorBlock, Bytes32 anchorRoot)
    {
        Address owner = _accounts.Owner.Address;
        Address config = Contracts.SuperchainConfig.Address;
        Address system = Contracts.SystemConfig.Address;
        Initialize(Contracts.SuperchainConfig, [], [Council.Contract.Address, false]);
        Initialize(ProtocolVersions, [], [owner, 0, 0]);
        Initialize(Contracts.Factory, [], [owner]);
        AbiValue[] anchor = [anchorRoot, anchorBlock];
        AbiValue[] anchors =
        [
            new AbiValue[] { (ulong)GameTypes.Fault, anchor },
            new AbiValue[] { (ulong)GameTypes.Permissioned, anchor },
        ];
        Initialize(Contracts.AnchorRegistry, [Contracts.Factory.Address], [anchors]);
        Contract weth = _plan.Create("DelayedWETH", _options.BondDelaySeconds);
        foreach (Contract proxy in new[] { Contracts.Weth, Contracts.PermissionedWeth })
        {
            _plan.Call(
                Contracts.ProxyAdmin,
                "upgradeAndCall",
                proxy.Address,
                weth.Address,
                weth.Encode("initialize", [owner, config]));
        }

        Initialize(
            Contracts.Portal,
            [_options.ProofMaturitySeconds, _options.GameFinalitySeconds],
            [Contracts.Factory.Address, system, config, (ulong)_options.RespectedGameType]);
        Initialize(Contracts.SystemConfig, [], SystemParameters());
    }

    private void PlanBridges()
    {
        Address config = Contracts.SuperchainConfig.Address;
        Address system = Contracts.SystemConfig.Address;
        Address messenger = Contracts.Messenger.Address;
        Initialize(Contracts.Messenger, [], [config, Contracts.Portal.Address, system]);
        Initialize(Contracts.Bridge, [], [messenger, config, system]);
        Initialize(Contracts.Erc721Bridge, [], [messenger, config]);
        Initialize(Contracts.TokenFactory, [], [Contracts.Bridge.Address]);
    }

    private void PlanGames()
    {
        (uint Type, Contract Game)[] games =
        [
            (GameTypes.Fault, Contracts.FaultGame), (GameTypes.Permissioned, Contracts.PermissionedGame),
        ];
        foreach ((uint type, Contract game) in games)
        {
            _plan.Call(Contracts.Factory, "setImplementation", (ulong)type, game.Address);
            _plan.Call(Contracts.Factory, "setInitBond", (ulong)type, _options.InitialBond);
        }
    }

    private void PlanDeputy()
    {
        Contract safe = Council.Contract;
        byte[] enable = safe.Encode("enableModule", [DeputyModule.Address]);
        AbiValue[] signed =
            Council.Sign(safe.Address, enable, 0, _accounts.Council.Take(CouncilThreshold));
        _plan.Call(safe, "execTransaction", signed);
    }

    private AbiValue[] SystemParameters()
    {
        byte[] batcher = new byte[Bytes32.SizeBytes];
        _accounts.Batcher.Address.CopyTo(batcher.AsSpan(Bytes32.SizeBytes - Address.SizeBytes));

        // Production's limits of the gas that deposits may buy in one L1 block.
        AbiValue[] resources = [20_000_000, 10, 8, 1_000_000_000, 1_000_000, BigInteger.Pow(2, 128) - 1];
        AbiValue[] addresses =
        [
            Contracts.Messenger.Address, Contracts.Erc721Bridge.Address, Contracts.Bridge.Address,
            Contracts.Factory.Address, Contracts.Portal.Address, Contracts.TokenFactory.Address, Ether,
        ];
        return
        [
            _accounts.Owner.Address, BaseFeeScalar, BlobBaseFeeScalar, batcher, _options.L2GasLimit,
            _accounts.Sequencer.Address, resources, _batchInbox, addresses,
        ];
    }

    private AbiValue[] GameParameters(uint type, Contract machine, Contract weth, Contract registry) =>
    [
        (ulong)type, _options.AbsolutePrestate, _options.MaxGameDepth, _options.SplitDepth,
        _options.ClockExtensionSeconds, _options.MaxClockSeconds, machine.Address, weth.Address,
        registry.Address, _options.L2ChainId,
    ];

    private byte[] EncodeCouncilSetup()
    {
        AbiValue[] owners = [.. _accounts.Council.Select(owner => (AbiValue)owner.Address)];
        return _plan.Artifact("GnosisSafe").Abi.Function("setup").Encode(
            owners,
            CouncilThreshold,
            default(Address),
            Array.Empty<byte>(),
            default(Address),
            default(Address),
            0,
            default(Address));
    }

    private Contract Proxied(string name, Contract proxyAdmin) =>
        Behind(_plan.Create("Proxy", proxyAdmin.Address), name);

    private Contract Behind(Contract proxy, string name) =>
        proxy with { Name = name, Abi = _plan.Artifact(name).Abi };

    // Makes the implementation and lets the proxy take it and initialize.
    private void Initialize(Contract proxied, AbiValue[] constructor, AbiValue[] arguments)
    {
        Contract implementation = _plan.Create(proxied.Name, constructor);
        _plan.Call(
            Contracts.ProxyAdmin,
            "upgradeAndCall",
            proxied.Address,
            implementation.Address,
            implementation.Encode("initialize", arguments));
    }
}
