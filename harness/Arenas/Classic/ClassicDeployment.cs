using System.Numerics;
using Culverin.Harness.Contracts;
using Culverin.Harness.Local;
using Culverin.Harness.Values;
using Nethereum.Contracts;
using Contract = Culverin.Harness.Rpc.Contract;

namespace Culverin.Harness.Arenas.Classic;

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
        Contract proxyAdmin =
            plan.Create("ProxyAdmin", new ProxyAdmin.Constructor { Owner = accounts.Owner.Address });
        AddressManager = plan.Create("AddressManager");
        _resolvedMessenger = plan.Create(
            "ResolvedDelegateProxy",
            new ResolvedDelegateProxy.Constructor
            {
                AddressManager = AddressManager.Address,
                ImplementationName = MessengerName,
            });
        _chugSplashBridge = plan.Create(
            "L1ChugSplashProxy", new L1ChugSplashProxy.Constructor { Owner = proxyAdmin.Address });
        Contract oracle = CreateOracle();
        Contract machine = CreateMachine(oracle);
        Contract factory = Proxied("DisputeGameFactory", proxyAdmin);
        Contract registry = Proxied("AnchorStateRegistry", proxyAdmin);
        Contract weth = Proxied("DelayedWETH", proxyAdmin);
        Contract permissionedWeth = Proxied("DelayedWETH", proxyAdmin);
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
            FaultGame = CreateGame(machine, weth, registry),
            PermissionedGame = CreatePermissionedGame(machine, permissionedWeth, registry),
            Oracle = oracle,
            Machine = machine,
        };
        ProtocolVersions = Proxied("ProtocolVersions", proxyAdmin);
        Contract safe = plan.Create("GnosisSafe");
        Contract safes = plan.Create("GnosisSafeProxyFactory");

        // A contract's own creations are numbered from one, and this one makes nothing else.
        Council = new MultiSignature(safe.At(Address.OfCreated(safes.Address, 1)), options.L1ChainId);
        plan.Call(
            safes,
            new GnosisSafeProxyFactory.CreateProxyFunction
            {
                Singleton = safe.Address,
                Data = ContractCodec.EncodeCall(CouncilSetup()),
            });
        DeputyModule = plan.Create(
            "DeputyGuardianModule",
            new DeputyGuardianModule.Constructor
            {
                Safe = Council.Contract.Address,
                SuperchainConfig = Contracts.SuperchainConfig.Address,
                DeputyGuardian = accounts.Deputy.Address,
            });
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
        _plan.Call(
            AddressManager, new AddressManager.TransferOwnershipFunction { NewOwner = admin.Address });
        _plan.Call(
            admin, new ProxyAdmin.SetAddressManagerFunction { Address = AddressManager.Address });
        _plan.Call(
            admin,
            new ProxyAdmin.SetProxyTypeFunction
            {
                Address = _resolvedMessenger.Address,
                Type = ResolvedProxyType,
            });
        _plan.Call(
            admin,
            new ProxyAdmin.SetImplementationNameFunction
            {
                Address = _resolvedMessenger.Address,
                Name = MessengerName,
            });
        _plan.Call(
            admin,
            new ProxyAdmin.SetProxyTypeFunction
            {
                Address = _chugSplashBridge.Address,
                Type = ChugSplashProxyType,
            });
    }

    private void PlanImplementations(ulong anchorBlock, Bytes32 anchorRoot)
    {
        Address owner = _accounts.Owner.Address;
        Address config = Contracts.SuperchainConfig.Address;
        Initialize(
            Contracts.SuperchainConfig,
            null,
            new SuperchainConfig.InitializeFunction { Guardian = Council.Contract.Address });
        Initialize(ProtocolVersions, null, new ProtocolVersions.InitializeFunction { Owner = owner });
        Initialize(Contracts.Factory, null, new DisputeGameFactory.InitializeFunction { Owner = owner });
        Initialize(
            Contracts.AnchorRegistry,
            new AnchorStateRegistry.Constructor { DisputeGameFactory = Contracts.Factory.Address },
            new AnchorStateRegistry.InitializeFunction
            {
                StartingAnchorRoots =
                [
                    Anchor(GameTypes.Fault, anchorBlock, anchorRoot),
                    Anchor(GameTypes.Permissioned, anchorBlock, anchorRoot),
                ],
            });
        Contract weth = _plan.Create(
            "DelayedWETH", new DelayedWETH.Constructor { Delay = _options.BondDelaySeconds });
        foreach (Contract proxy in new[] { Contracts.Weth, Contracts.PermissionedWeth })
        {
            UpgradeAndCall(
                proxy, weth, new DelayedWETH.InitializeFunction { Owner = owner, Config = config });
        }

        Initialize(
            Contracts.Portal,
            new OptimismPortal2.Constructor
            {
                ProofMaturityDelaySeconds = _options.ProofMaturitySeconds,
                DisputeGameFinalityDelaySeconds = _options.GameFinalitySeconds,
            },
            new OptimismPortal2.InitializeFunction
            {
                DisputeGameFactory = Contracts.Factory.Address,
                SystemConfig = Contracts.SystemConfig.Address,
                SuperchainConfig = config,
                InitialRespectedGameType = _options.RespectedGameType,
            });
        Initialize(Contracts.SystemConfig, null, SystemParameters());
    }

    private static AnchorStateRegistry.StartingAnchorRoot Anchor(uint type, ulong block, Bytes32 root) =>
        new()
        {
            GameType = type,
            OutputRoot = new AnchorStateRegistry.OutputRoot { Root = root, L2BlockNumber = block },
        };

    private void PlanBridges()
    {
        Address config = Contracts.SuperchainConfig.Address;
        Address system = Contracts.SystemConfig.Address;
        Address messenger = Contracts.Messenger.Address;
        Initialize(
            Contracts.Messenger,
            null,
            new L1CrossDomainMessenger.InitializeFunction
            {
                SuperchainConfig = config,
                Portal = Contracts.Portal.Address,
                SystemConfig = system,
            });
        Initialize(
            Contracts.Bridge,
            null,
            new L1StandardBridge.InitializeFunction
            {
                Messenger = messenger,
                SuperchainConfig = config,
                SystemConfig = system,
            });
        Initialize(
            Contracts.Erc721Bridge,
            null,
            new L1ERC721Bridge.InitializeFunction { Messenger = messenger, SuperchainConfig = config });
        Initialize(
            Contracts.TokenFactory,
            null,
            new OptimismMintableERC20Factory.InitializeFunction { Bridge = Contracts.Bridge.Address });
    }

    private void PlanGames()
    {
        (uint Type, Contract Game)[] games =
        [
            (GameTypes.Fault, Contracts.FaultGame), (GameTypes.Permissioned, Contracts.PermissionedGame),
        ];
        foreach ((uint type, Contract game) in games)
        {
            _plan.Call(
                Contracts.Factory,
                new DisputeGameFactory.SetImplementationFunction { GameType = type, Impl = game.Address });
            _plan.Call(
                Contracts.Factory,
                new DisputeGameFactory.SetInitBondFunction
                {
                    GameType = type,
                    InitBond = _options.InitialBond,
                });
        }
    }

    private void PlanDeputy()
    {
        Contract safe = Council.Contract;
        byte[] enable = ContractCodec.EncodeCall(
            new GnosisSafe.EnableModuleFunction { Module = DeputyModule.Address });
        _plan.Call(
            safe, Council.Sign(safe.Address, enable, 0, _accounts.Council.Take(CouncilThreshold)));
    }

    private SystemConfig.InitializeFunction SystemParameters()
    {
        byte[] batcher = new byte[Bytes32.SizeBytes];
        _accounts.Batcher.Address.CopyTo(batcher.AsSpan(Bytes32.SizeBytes - Address.SizeBytes));
        return new SystemConfig.InitializeFunction
        {
            Owner = _accounts.Owner.Address,
            BasefeeScalar = L2Genesis.BaseFeeScalar,
            BlobbasefeeScalar = L2Genesis.BlobBaseFeeScalar,
            BatcherHash = new Bytes32(batcher),
            GasLimit = _options.L2GasLimit,
            UnsafeBlockSigner = _accounts.Sequencer.Address,

            // Production's limits of the gas that deposits may buy in one L1 block.
            Config = new SystemConfig.ResourceConfig
            {
                MaxResourceLimit = 20_000_000,
                ElasticityMultiplier = 10,
                BaseFeeMaxChangeDenominator = 8,
                MinimumBaseFee = 1_000_000_000,
                SystemTxMaxGas = 1_000_000,
                MaximumBaseFee = BigInteger.Pow(2, 128) - 1,
            },
            BatchInbox = _batchInbox,
            Addresses = new SystemConfig.Addresses
            {
                L1CrossDomainMessenger = Contracts.Messenger.Address,
                L1ERC721Bridge = Contracts.Erc721Bridge.Address,
                L1StandardBridge = Contracts.Bridge.Address,
                DisputeGameFactory = Contracts.Factory.Address,
                OptimismPortal = Contracts.Portal.Address,
                OptimismMintableERC20Factory = Contracts.TokenFactory.Address,
                GasPayingToken = Ether,
            },
        };
    }

    private Contract CreateOracle() => _plan.Create(
        "PreimageOracle",
        new PreimageOracle.Constructor
        {
            MinProposalSize = _options.LargePreimageBytesMin,
            ChallengePeriod = _options.LargePreimageChallengeSeconds,
        });

    private Contract CreateMachine(Contract oracle) => _options.Machine == ArenaMachine.Mips
        ? _plan.Create("MIPS", new MIPS.Constructor { Oracle = oracle.Address })
        : _plan.Create(
            "AlphabetVM",
            new AlphabetVM.Constructor
            {
                AbsolutePrestate = _options.AbsolutePrestate,
                Oracle = oracle.Address,
            });

    private Contract CreateGame(Contract machine, Contract weth, Contract registry) => _plan.Create(
        "FaultDisputeGame",
        new FaultDisputeGame.Constructor
        {
            GameType = GameTypes.Fault,
            AbsolutePrestate = _options.AbsolutePrestate,
            MaxGameDepth = _options.MaxGameDepth,
            SplitDepth = _options.SplitDepth,
            ClockExtension = _options.ClockExtensionSeconds,
            MaxClockDuration = _options.MaxClockSeconds,
            Vm = machine.Address,
            Weth = weth.Address,
            AnchorStateRegistry = registry.Address,
            L2ChainId = _options.L2ChainId,
        });

    private Contract CreatePermissionedGame(
        Contract machine, Contract weth, Contract registry) => _plan.Create(
        "PermissionedDisputeGame",
        new PermissionedDisputeGame.Constructor
        {
            GameType = GameTypes.Permissioned,
            AbsolutePrestate = _options.AbsolutePrestate,
            MaxGameDepth = _options.MaxGameDepth,
            SplitDepth = _options.SplitDepth,
            ClockExtension = _options.ClockExtensionSeconds,
            MaxClockDuration = _options.MaxClockSeconds,
            Vm = machine.Address,
            Weth = weth.Address,
            AnchorStateRegistry = registry.Address,
            L2ChainId = _options.L2ChainId,
            Proposer = _accounts.Proposer.Address,
            Challenger = _accounts.Challenger.Address,
        });

    private GnosisSafe.SetupFunction CouncilSetup() => new()
    {
        Owners = [.. _accounts.Council.Select(owner => owner.Address)],
        Threshold = CouncilThreshold,
    };

    private Contract Proxied(string name, Contract proxyAdmin) =>
        Behind(_plan.Create("Proxy", new Proxy.Constructor { Admin = proxyAdmin.Address }), name);

    private static Contract Behind(Contract proxy, string name) => proxy with { Name = name };

    // Makes the implementation and lets the proxy take it and initialize.
    private void Initialize(Contract proxied, object? constructor, FunctionMessage initialize) =>
        UpgradeAndCall(proxied, _plan.Create(proxied.Name, constructor), initialize);

    private void UpgradeAndCall(
        Contract proxied, Contract implementation, FunctionMessage call) => _plan.Call(
        Contracts.ProxyAdmin,
        new ProxyAdmin.UpgradeAndCallFunction
        {
            Proxy = proxied.Address,
            Implementation = implementation.Address,
            Data = ContractCodec.EncodeCall(call),
        });
}
