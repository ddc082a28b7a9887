using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Threading.Tasks;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Xunit;

namespace Culverin.Harness.Tests;

public sealed class ClassicArenaTests(ClassicArenaFixture fixture) : IClassFixture<ClassicArenaFixture>
{
    [Fact]
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
            Assert.Equal(versions[contract.Name], (await contract.ReadAsync("version")).AsText());
        }

        Assert.Equal("1.3.0", (await arena.Council.Contract.ReadAsync("VERSION")).AsText());
    }

    [Fact]
    public async Task The_contracts_name_each_other()
    {
        ClassicArena arena = await fixture.FreshAsync();
        L1Contracts l1 = arena.Contracts;
        L2Contracts l2 = arena.Predeploys;
        Address owner = arena.Accounts.Owner.Address;
        Address council = arena.Council.Contract.Address;
        (Contract Contract, string Getter, Address Expected)[] wires =
        [
            (l1.ProxyAdmin, "owner", owner),
            (l1.ProxyAdmin, "addressManager", arena.AddressManager.Address),
            (arena.AddressManager, "owner", l1.ProxyAdmin.Address),
            (l1.SuperchainConfig, "guardian", council),
            (l1.Factory, "owner", owner),
            (l1.AnchorRegistry, "disputeGameFactory", l1.Factory.Address),
            (l1.Weth, "owner", owner),
            (l1.Weth, "config", l1.SuperchainConfig.Address),
            (l1.PermissionedWeth, "config", l1.SuperchainConfig.Address),
            (l1.Portal, "guardian", council),
            (l1.Portal, "disputeGameFactory", l1.Factory.Address),
            (l1.Portal, "systemConfig", l1.SystemConfig.Address),
            (l1.SystemConfig, "owner", owner),
            (l1.SystemConfig, "optimismPortal", l1.Portal.Address),
            (l1.SystemConfig, "batchInbox", arena.BatchInbox),
            (l1.SystemConfig, "unsafeBlockSigner", arena.Accounts.Sequencer.Address),
            (l1.Messenger, "portal", l1.Portal.Address),
            (l1.Messenger, "otherMessenger", l2.Messenger.Address),
            (l1.Bridge, "messenger", l1.Messenger.Address),
            (l1.Bridge, "otherBridge", l2.Bridge.Address),
            (l1.Erc721Bridge, "otherBridge", l2.Erc721Bridge.Address),
            (l1.TokenFactory, "bridge", l1.Bridge.Address),
            (l1.FaultGame, "vm", l1.Machine.Address),
            (l1.FaultGame, "weth", l1.Weth.Address),
            (l1.PermissionedGame, "weth", l1.PermissionedWeth.Address),
            (l1.FaultGame, "anchorStateRegistry", l1.AnchorRegistry.Address),
            (l1.PermissionedGame, "proposer", arena.Accounts.Proposer.Address),
            (l1.PermissionedGame, "challenger", arena.Accounts.Challenger.Address),
            (l1.Machine, "oracle", l1.Oracle.Address),
            (arena.DeputyModule, "safe", council),
            (arena.DeputyModule, "deputyGuardian", arena.Accounts.Deputy.Address),
            (l2.Messenger, "otherMessenger", l1.Messenger.Address),
            (l2.Bridge, "otherBridge", l1.Bridge.Address),
            (l2.Bridge, "messenger", l2.Messenger.Address),
            (l2.Erc721Bridge, "otherBridge", l1.Erc721Bridge.Address),
            (l2.Erc721Bridge, "messenger", l2.Messenger.Address),
            (l2.TokenFactory, "bridge", l2.Bridge.Address),
            (l2.ProxyAdmin, "owner", owner),
        ];
        foreach ((Contract contract, string getter, Address expected) in wires)
        {
            Address found = (await contract.ReadAsync(getter)).AsAddress();
            Assert.True(expected == found, $"{contract.Name}.{getter} is {found}, not {expected}");
        }
    }

    [Fact]
    public async Task Proxies_have_the_admin_and_nobody_initializes_twice()
    {
        ClassicArena arena = await fixture.FreshAsync();
        Contract[] direct =
        [
            arena.Contracts.ProxyAdmin, arena.Contracts.FaultGame, arena.Contracts.PermissionedGame,
            arena.Contracts.Oracle, arena.Contracts.Machine, arena.Predeploys.ProxyAdmin,
            arena.Predeploys.Weth,
        ];
        foreach (Contract proxy in arena.Contracts.All.Concat(arena.Predeploys.All).Except(direct))
        {
            Contract admin = arena.Contracts.All.Contains(proxy)
                ? arena.Contracts.ProxyAdmin
                : arena.Predeploys.ProxyAdmin;
            AbiValue implementation = await admin.ReadAsync("getProxyImplementation", [proxy.Address]);
            Assert.NotEmpty(await proxy.Node.GetCodeAsync(implementation.AsAddress()));
            AbiFunction? initialize =
                proxy.Abi.Functions.FirstOrDefault(function => function.Name == "initialize");
            if (initialize is null)
            {
                continue;
            }

            // Zeros decode as any arguments: the mark of initialization is looked at first.
            byte[] call = [.. initialize.Selector, .. new byte[32 * 40]];
            foreach (Address target in new[] { proxy.Address, implementation.AsAddress() })
            {
                CallOutcome outcome =
                    await proxy.Node.CallAsync(new CallRequest { From = default, To = target, Data = call });
                Assert.True(outcome.IsReverted, $"{proxy.Name} can be initialized again");
                RevertReason reason = RevertReason.Decode(outcome.Data);
                Assert.Equal("Initializable: contract is already initialized", reason.Text);
            }
        }
    }

    [Fact]
    public async Task Parameters_arrive_in_the_contracts()
    {
        ClassicArena arena = await fixture.FreshAsync();
        ArenaOptions options = arena.Options;
        L1Contracts l1 = arena.Contracts;
        (Contract Contract, string Getter, BigInteger Expected)[] numbers =
        [
            (l1.FaultGame, "maxGameDepth", options.MaxGameDepth),
            (l1.FaultGame, "splitDepth", options.SplitDepth),
            (l1.FaultGame, "maxClockDuration", options.MaxClockSeconds),
            (l1.FaultGame, "clockExtension", options.ClockExtensionSeconds),
            (l1.FaultGame, "l2ChainId", options.L2ChainId),
            (l1.PermissionedGame, "gameType", 1),
            (l1.Weth, "delay", options.BondDelaySeconds),
            (l1.Portal, "proofMaturityDelaySeconds", options.ProofMaturitySeconds),
            (l1.Portal, "disputeGameFinalityDelaySeconds", options.GameFinalitySeconds),
            (l1.Portal, "respectedGameType", 0),
            (l1.Oracle, "challengePeriod", options.LargePreimageChallengeSeconds),
            (l1.Oracle, "minProposalSize", options.LargePreimageBytesMin),
            (l1.SystemConfig, "gasLimit", options.L2GasLimit),
        ];
        foreach ((Contract contract, string getter, BigInteger expected) in numbers)
        {
            Assert.Equal(expected, (await contract.ReadAsync(getter)).AsInteger());
        }

        Assert.Equal(
            options.AbsolutePrestate, (await l1.FaultGame.ReadAsync("absolutePrestate")).AsBytes32());
        foreach (int type in new[] { 0, 1 })
        {
            Contract game = type == 0 ? l1.FaultGame : l1.PermissionedGame;
            Assert.Equal(game.Address, (await l1.Factory.ReadAsync("gameImpls", [type])).AsAddress());
            Assert.Equal(options.InitialBond, (await l1.Factory.ReadAsync("initBonds", [type])).AsInteger());
            IReadOnlyList<AbiValue> anchor = await l1.AnchorRegistry.ReadAllAsync("anchors", [type]);
            Assert.Equal(arena.AnchorOutput.Hash, anchor[0].AsBytes32());
            Assert.Equal(arena.AnchorBlock, anchor[1].AsInteger());
        }

        Assert.Equal(options.L1ChainId, await arena.L1.Node.GetChainIdAsync());
        Assert.Equal(options.L2ChainId, await arena.L2.Node.GetChainIdAsync());
    }

    [Fact]
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
            Assert.False((await arena.Contracts.Portal.ReadAsync("paused")).AsBoolean());
            await arena.L1.AdvanceAsync(1_000);
            await PayAsync(arena.OnL1(arena.Accounts.User));
            Block last = await arena.L1.Node.GetBlockAsync(BlockReference.Latest);
            Assert.Equal(l1.Timestamp + 1_002, last.Timestamp);
            hashes.Add(last.Hash);
            hashes.Add((await arena.L2.Node.GetBlockAsync(BlockReference.Latest)).Hash);
        }

        Assert.Equal(2, hashes.Distinct().Count());
    }

    [Fact]
    public async Task Two_arenas_with_the_same_options_are_the_same()
    {
        ClassicArena first = await fixture.FreshAsync();
        await using ClassicArena second = await ClassicArena.StartAsync(Repository.Packages);
        Assert.Equal(
            (await first.L1.Node.GetBlockAsync(BlockReference.Latest)).Hash,
            (await second.L1.Node.GetBlockAsync(BlockReference.Latest)).Hash);
        Assert.Equal(first.AnchorOutput, second.AnchorOutput);
    }

    [Fact]
    public async Task Other_parameters_make_another_arena()
    {
        ArenaOptions options = new()
        {
            Machine = ArenaMachine.Alphabet,
            MaxGameDepth = 12,
            RespectedGameType = GameTypes.Permissioned,
            L1BlockSeconds = 12,
            L2ChainId = 42_069,
        };
        await using ClassicArena arena = await ClassicArena.StartAsync(Repository.Packages, options);
        Assert.Equal("AlphabetVM", arena.Contracts.Machine.Name);
        Assert.Equal(12, (await arena.Contracts.FaultGame.ReadAsync("maxGameDepth")).AsInteger());
        Assert.Equal(1, (await arena.Contracts.Portal.ReadAsync("respectedGameType")).AsInteger());
        Assert.Equal("0xff00000000000000000000000000000000042069", arena.BatchInbox.ToString());
        Block before = await arena.L1.Node.GetBlockAsync(BlockReference.Latest);
        await PayAsync(arena.OnL1(arena.Accounts.Thief));
        Block after = await arena.L1.Node.GetBlockAsync(BlockReference.Latest);
        Assert.Equal(12ul, after.Timestamp - before.Timestamp);
    }

    [Fact]
    public async Task Parameters_that_a_contract_refuses_are_named()
    {
        ArenaOptions options = new() { SplitDepth = 12 };
        RevertedException error = await Assert.ThrowsAsync<RevertedException>(
            () => ClassicArena.StartAsync(Repository.Packages, options));
        Assert.Equal("InvalidSplitDepth", error.Reason.Name);
        Assert.Contains("The deployment of FaultDisputeGame", error.Message, StringComparison.Ordinal);
    }

    private static Task<TransactionReceipt> PayAsync(TransactionSender sender) =>
        sender.SendAsync(new CallRequest { From = sender.Address, To = default(Address), Value = 1 });
}
