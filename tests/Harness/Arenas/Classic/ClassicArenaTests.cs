using System.Numerics;
using Culverin.Harness.Abi;
using Culverin.Harness.Arenas;
using Culverin.Harness.Arenas.Classic;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Values;
using Nethereum.Contracts;
using Xunit;
using Contract = Culverin.Harness.Rpc.Contract;

namespace Culverin.Harness.Tests.Arenas.Classic;

public sealed class ClassicArenaTests(DerivedArenaFixture fixture) : IClassFixture<DerivedArenaFixture>
{
    [L2NodeFact]
    public async Task Every_contract_is_there_in_its_version()
    {
        ClassicArena arena = await fixture.FreshAsync();
        Dictionary<string, string> versions = new()
        {
            ["SuperchainConfig"] = "1.1.0",
            ["SystemConfig"] = "2.3.0-beta.2",
            ["OptimismPortal2"] = "3.10.0",
            ["L1CrossDomainMessenger"] = "2.4.0",
            ["L1StandardBridge"] = "2.2.0",
            ["L1ERC721Bridge"] = "2.1.0",
            ["OptimismMintableERC20Factory"] = "1.9.0",
            ["DisputeGameFactory"] = "1.0.0",
            ["AnchorStateRegistry"] = "1.0.0",
            ["DelayedWETH"] = "1.0.0",
            ["FaultDisputeGame"] = "1.2.0",
            ["PermissionedDisputeGame"] = "1.2.0",
            ["PreimageOracle"] = "1.0.0",
            ["MIPS"] = "1.0.1",
            ["L2ToL1MessagePasser"] = "1.1.0",
            ["L2CrossDomainMessenger"] = "2.1.0",
            ["L2StandardBridge"] = "1.10.0",
            ["L2ERC721Bridge"] = "1.7.0",
            ["L1Block"] = "1.4.1-beta.1",
            ["GasPriceOracle"] = "1.3.0",
            ["WETH"] = "1.0.0",
            ["ProtocolVersions"] = "1.0.0",
            ["DeputyGuardianModule"] = "1.1.0",
        };
        Contract[] contracts =
        [
            .. arena.Contracts.All, .. arena.Predeploys.All, arena.ProtocolVersions, arena.DeputyModule,
        ];
        foreach (Contract contract in contracts.Where(contract => contract.Name != "ProxyAdmin"))
        {
            // Every contract has this function, and it is the same everywhere.
            string version = (await contract.ReadAsync(new OptimismPortal2.VersionFunction())).Value;
            Assert.Equal(versions[contract.Name], version);
        }

        Assert.Equal(
            "1.3.0", (await arena.Council.Contract.ReadAsync(new GnosisSafe.VERSIONFunction())).Value);
    }

    [L2NodeFact]
    public async Task The_contracts_name_each_other()
    {
        ClassicArena arena = await fixture.FreshAsync();
        L1Contracts l1 = arena.Contracts;
        L2Contracts l2 = arena.Predeploys;
        Address owner = arena.Accounts.Owner.Address;
        Address council = arena.Council.Contract.Address;
        (Contract Contract, FunctionMessage Getter, Address Expected)[] wires =
        [
            (l1.ProxyAdmin, new ProxyAdmin.OwnerFunction(), owner),
            (l1.ProxyAdmin, new ProxyAdmin.AddressManagerFunction(), arena.AddressManager.Address),
            (arena.AddressManager, new AddressManager.OwnerFunction(), l1.ProxyAdmin.Address),
            (l1.SuperchainConfig, new SuperchainConfig.GuardianFunction(), council),
            (l1.Factory, new DisputeGameFactory.OwnerFunction(), owner),
            (l1.AnchorRegistry, new AnchorStateRegistry.DisputeGameFactoryFunction(), l1.Factory.Address),
            (l1.Weth, new DelayedWETH.OwnerFunction(), owner),
            (l1.Weth, new DelayedWETH.ConfigFunction(), l1.SuperchainConfig.Address),
            (l1.PermissionedWeth, new DelayedWETH.ConfigFunction(), l1.SuperchainConfig.Address),
            (l1.Portal, new OptimismPortal2.GuardianFunction(), council),
            (l1.Portal, new OptimismPortal2.DisputeGameFactoryFunction(), l1.Factory.Address),
            (l1.Portal, new OptimismPortal2.SystemConfigFunction(), l1.SystemConfig.Address),
            (l1.SystemConfig, new SystemConfig.OwnerFunction(), owner),
            (l1.SystemConfig, new SystemConfig.OptimismPortalFunction(), l1.Portal.Address),
            (l1.SystemConfig, new SystemConfig.BatchInboxFunction(), arena.BatchInbox),
            (l1.SystemConfig, new SystemConfig.UnsafeBlockSignerFunction(), arena.Accounts.Sequencer.Address),
            (l1.Messenger, new L1CrossDomainMessenger.PortalFunction(), l1.Portal.Address),
            (l1.Messenger, new L1CrossDomainMessenger.OtherMessengerFunction(), l2.Messenger.Address),
            (l1.Bridge, new L1StandardBridge.MessengerFunction(), l1.Messenger.Address),
            (l1.Bridge, new L1StandardBridge.OtherBridgeFunction(), l2.Bridge.Address),
            (l1.Erc721Bridge, new L1ERC721Bridge.OtherBridgeFunction(), l2.Erc721Bridge.Address),
            (l1.TokenFactory, new OptimismMintableERC20Factory.BridgeFunction(), l1.Bridge.Address),
            (l1.FaultGame, new FaultDisputeGame.VmFunction(), l1.Machine.Address),
            (l1.FaultGame, new FaultDisputeGame.WethFunction(), l1.Weth.Address),
            (l1.PermissionedGame, new PermissionedDisputeGame.WethFunction(), l1.PermissionedWeth.Address),
            (l1.FaultGame, new FaultDisputeGame.AnchorStateRegistryFunction(), l1.AnchorRegistry.Address),
            (
                l1.PermissionedGame,
                new PermissionedDisputeGame.ProposerFunction(),
                arena.Accounts.Proposer.Address),
            (
                l1.PermissionedGame,
                new PermissionedDisputeGame.ChallengerFunction(),
                arena.Accounts.Challenger.Address),
            (l1.Machine, new MIPS.OracleFunction(), l1.Oracle.Address),
            (arena.DeputyModule, new DeputyGuardianModule.SafeFunction(), council),
            (
                arena.DeputyModule,
                new DeputyGuardianModule.DeputyGuardianFunction(),
                arena.Accounts.Deputy.Address),
            (l2.Messenger, new L2CrossDomainMessenger.OtherMessengerFunction(), l1.Messenger.Address),
            (l2.Bridge, new L2StandardBridge.OtherBridgeFunction(), l1.Bridge.Address),
            (l2.Bridge, new L2StandardBridge.MessengerFunction(), l2.Messenger.Address),
            (l2.Erc721Bridge, new L2ERC721Bridge.OtherBridgeFunction(), l1.Erc721Bridge.Address),
            (l2.Erc721Bridge, new L2ERC721Bridge.MessengerFunction(), l2.Messenger.Address),
            (l2.TokenFactory, new OptimismMintableERC20Factory.BridgeFunction(), l2.Bridge.Address),
            (l2.ProxyAdmin, new ProxyAdmin.OwnerFunction(), owner),
        ];
        foreach ((Contract contract, FunctionMessage getter, Address expected) in wires)
        {
            Address found = new((await ReadWordAsync(contract, getter)).AsSpan()[^Address.SizeBytes..]);
            Assert.True(
                expected == found,
                $"{contract.Name}.{ContractCodec.NameOf(getter)} is {found}, not {expected}");
        }
    }

    [L2NodeFact]
    public async Task Proxies_have_the_admin_and_nobody_initializes_twice()
    {
        ClassicArena arena = await fixture.FreshAsync();
        Contract[] direct =
        [
            arena.Contracts.ProxyAdmin, arena.Contracts.FaultGame, arena.Contracts.PermissionedGame,
            arena.Contracts.Oracle, arena.Contracts.Machine, arena.Predeploys.ProxyAdmin,
            arena.Predeploys.Weth,
        ];
        int initializable = 0;
        foreach (Contract proxy in arena.Contracts.All.Concat(arena.Predeploys.All).Except(direct))
        {
            Contract admin = arena.Contracts.All.Contains(proxy)
                ? arena.Contracts.ProxyAdmin
                : arena.Predeploys.ProxyAdmin;
            Address implementation = (await admin.ReadAsync(
                new ProxyAdmin.GetProxyImplementationFunction { Proxy = proxy.Address })).Value;
            Assert.NotEmpty(await proxy.Node.GetCodeAsync(implementation));
            Type? initialize = typeof(ContractCodec).Assembly
                .GetType($"{typeof(ContractCodec).Namespace}.{proxy.Name}+InitializeFunction");
            if (initialize is null)
            {
                continue;
            }

            // The mark of initialization is looked at first.
            initializable++;
            byte[] call = ContractCodec.EncodeCall((FunctionMessage)Activator.CreateInstance(initialize)!);
            foreach (Address target in new[] { proxy.Address, implementation })
            {
                CallOutcome outcome =
                    await proxy.Node.CallAsync(new CallRequest { From = default, To = target, Data = call });
                Assert.True(outcome.IsReverted, $"{proxy.Name} can be initialized again");
                RevertReason reason = RevertReason.Decode(outcome.Data);
                Assert.Equal("Initializable: contract is already initialized", reason.Text);
            }
        }

        Assert.Equal(15, initializable);
    }

    [L2NodeFact]
    public async Task Parameters_arrive_in_the_contracts()
    {
        ClassicArena arena = await fixture.FreshAsync();
        ArenaOptions options = arena.Options;
        L1Contracts l1 = arena.Contracts;
        (Contract Contract, FunctionMessage Getter, BigInteger Expected)[] numbers =
        [
            (l1.FaultGame, new FaultDisputeGame.MaxGameDepthFunction(), options.MaxGameDepth),
            (l1.FaultGame, new FaultDisputeGame.SplitDepthFunction(), options.SplitDepth),
            (l1.FaultGame, new FaultDisputeGame.MaxClockDurationFunction(), options.MaxClockSeconds),
            (l1.FaultGame, new FaultDisputeGame.ClockExtensionFunction(), options.ClockExtensionSeconds),
            (l1.FaultGame, new FaultDisputeGame.L2ChainIdFunction(), options.L2ChainId),
            (l1.PermissionedGame, new PermissionedDisputeGame.GameTypeFunction(), 1),
            (l1.Weth, new DelayedWETH.DelayFunction(), options.BondDelaySeconds),
            (
                l1.Portal,
                new OptimismPortal2.ProofMaturityDelaySecondsFunction(),
                options.ProofMaturitySeconds),
            (
                l1.Portal,
                new OptimismPortal2.DisputeGameFinalityDelaySecondsFunction(),
                options.GameFinalitySeconds),
            (l1.Portal, new OptimismPortal2.RespectedGameTypeFunction(), 0),
            (l1.Oracle, new PreimageOracle.ChallengePeriodFunction(), options.LargePreimageChallengeSeconds),
            (l1.Oracle, new PreimageOracle.MinProposalSizeFunction(), options.LargePreimageBytesMin),
            (l1.SystemConfig, new SystemConfig.GasLimitFunction(), options.L2GasLimit),
        ];
        foreach ((Contract contract, FunctionMessage getter, BigInteger expected) in numbers)
        {
            byte[] word = await ReadWordAsync(contract, getter);
            Assert.Equal(expected, new BigInteger(word, isUnsigned: true, isBigEndian: true));
        }

        Assert.Equal(
            options.AbsolutePrestate,
            (await l1.FaultGame.ReadAsync(new FaultDisputeGame.AbsolutePrestateFunction()))
                .AbsolutePrestate);
        foreach (uint type in new[] { GameTypes.Fault, GameTypes.Permissioned })
        {
            Contract game = type == GameTypes.Fault ? l1.FaultGame : l1.PermissionedGame;
            DisputeGameFactory.GameImplsResult named =
                await l1.Factory.ReadAsync(new DisputeGameFactory.GameImplsFunction { Value = type });
            Assert.Equal(game.Address, named.Value);
            DisputeGameFactory.InitBondsResult bond =
                await l1.Factory.ReadAsync(new DisputeGameFactory.InitBondsFunction { Value = type });
            Assert.Equal(options.InitialBond, bond.Value);
            AnchorStateRegistry.AnchorsResult anchor =
                await l1.AnchorRegistry.ReadAsync(new AnchorStateRegistry.AnchorsFunction { Value = type });
            Assert.Equal(arena.AnchorOutput.Hash, anchor.Root);
            Assert.Equal(arena.AnchorBlock, anchor.L2BlockNumber);
        }

        Assert.Equal(options.L1ChainId, await arena.L1.Node.GetChainIdAsync());
        Assert.Equal(options.L2ChainId, await arena.L2.Node.GetChainIdAsync());
    }

    [L2NodeFact]
    public async Task Going_back_gives_the_same_chains_again_and_again()
    {
        ClassicArena arena = await fixture.FreshAsync();
        Block l1 = await arena.L1.Node.GetBlockAsync(BlockReference.Latest);
        Block l2 = await arena.L2.Node.GetBlockAsync(BlockReference.Latest);
        List<Bytes32> hashes = [];
        for (int round = 0; round < 3; round++)
        {
            await arena.RevertAsync(arena.Beginning);
            Assert.Equal(l1.Hash, (await arena.L1.Node.GetBlockAsync(BlockReference.Latest)).Hash);
            Assert.Equal(l2.Hash, (await arena.L2.Node.GetBlockAsync(BlockReference.Latest)).Hash);
            await PayAsync(arena.OnL1(arena.Accounts.User));
            await PayAsync(arena.OnL2(arena.Accounts.User));
            ArenaSnapshot middle = await arena.SnapshotAsync();
            await arena.PauseAsync();
            await arena.RevertAsync(middle);
            Contract portal = arena.Contracts.Portal;
            Assert.False((await portal.ReadAsync(new OptimismPortal2.PausedFunction())).Value);
            await arena.L1.AdvanceAsync(1_000);
            await PayAsync(arena.OnL1(arena.Accounts.User));
            Block last = await arena.L1.Node.GetBlockAsync(BlockReference.Latest);
            Assert.Equal(l1.Timestamp + 1_002, last.Timestamp);
            hashes.Add(last.Hash);
            hashes.Add((await arena.L2.Node.GetBlockAsync(BlockReference.Latest)).Hash);
        }

        Assert.Equal(2, hashes.Distinct().Count());
    }

    [L2NodeFact]
    public async Task Two_arenas_with_the_same_options_are_the_same()
    {
        ClassicArena first = await fixture.FreshAsync();
        await using ClassicArena second =
            await ClassicArena.StartAsync(Repository.Packages, first.Options);
        Block head = await first.L1.Node.GetBlockAsync(BlockReference.Latest);
        Assert.Equal(head.Number, await second.L1.Node.GetBlockNumberAsync());

        // The last block has the anchor's batch, whose channel has a name by chance.
        Assert.Equal(
            (await first.L1.Node.GetBlockAsync(head.Number - 1)).Hash,
            (await second.L1.Node.GetBlockAsync(head.Number - 1)).Hash);
        Assert.Equal(first.AnchorOutput, second.AnchorOutput);
    }

    [L2NodeFact]
    public async Task Other_parameters_make_another_arena()
    {
        ArenaOptions options = ArenaChains.Usual with
        {
            Machine = ArenaMachine.Alphabet,
            MaxGameDepth = 12,
            RespectedGameType = GameTypes.Permissioned,
            L1BlockSeconds = 12,
            L2ChainId = 42_069,
        };
        await using ClassicArena arena = await ClassicArena.StartAsync(Repository.Packages, options);
        Assert.Equal("AlphabetVM", arena.Contracts.Machine.Name);
        Assert.Equal(
            12,
            (await arena.Contracts.FaultGame.ReadAsync(new FaultDisputeGame.MaxGameDepthFunction()))
                .MaxGameDepth);
        Assert.Equal(
            GameTypes.Permissioned,
            (await arena.Contracts.Portal.ReadAsync(new OptimismPortal2.RespectedGameTypeFunction())).Value);
        Assert.Equal("0xff00000000000000000000000000000000042069", arena.BatchInbox.ToString());
        Block before = await arena.L1.Node.GetBlockAsync(BlockReference.Latest);
        await PayAsync(arena.OnL1(arena.Accounts.Thief));
        Block after = await arena.L1.Node.GetBlockAsync(BlockReference.Latest);
        Assert.Equal(12ul, after.Timestamp - before.Timestamp);
    }

    [L2NodeFact]
    public async Task Parameters_that_a_contract_refuses_are_named()
    {
        ArenaOptions options = ArenaChains.Usual with { SplitDepth = 12 };
        RevertedException error = await Assert.ThrowsAsync<RevertedException>(
            () => ClassicArena.StartAsync(Repository.Packages, options));
        Assert.Equal("InvalidSplitDepth", error.Reason.Name);
        Assert.Contains("The deployment of FaultDisputeGame", error.Message, StringComparison.Ordinal);
    }

    private static Task<TransactionReceipt> PayAsync(TransactionSender sender) =>
        sender.SendAsync(new CallRequest { From = sender.Address, To = default(Address), Value = 1 });

    private static async Task<byte[]> ReadWordAsync(Contract contract, FunctionMessage getter)
    {
        CallOutcome outcome = await contract.Node.CallAsync(contract.Request(default, getter));
        byte[] word = outcome.Require($"{contract}.{ContractCodec.NameOf(getter)}").ToArray();
        Assert.Equal(Bytes32.SizeBytes, word.Length);
        return word;
    }
}
