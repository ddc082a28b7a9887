using System.Text;
using Culverin.Execute;
using Culverin.Harness.Arenas;
using Culverin.Harness.Arenas.Classic;
using Culverin.Harness.Contracts;
using Culverin.Harness.Host;
using Culverin.Harness.Host.Blobs;
using Culverin.Harness.Local;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;
using Culverin.Oracle;
using Culverin.Run;
using Culverin.Versions;
using Xunit;

namespace Culverin.Harness.Tests.Host;

/// <summary>How a run of the program over derivation and executor ended.</summary>
internal sealed record DerivedEnd(byte ExitCode, ulong Steps, string Said);

/// <summary>
/// A living L1 with the real contracts and an L2 that follows from it, for all tests of a class: deposits,
/// creations, storage with long branches, and calls of precompiled contracts that the program asks L1 for.
/// What came before <see cref="Half"/> is on L1 in one batch, the rest in another; some blocks are not on L1.
/// </summary>
public sealed class DerivedChain : IAsyncLifetime
{
    private const ulong SlotCount = 400;
    private const ulong GasLimit = 10_000_000;

    private ClassicArena? _arena;
    private L2Node? _verifier;

    internal ClassicArena Arena => _arena!;

    internal DerivedL2 L2 => (DerivedL2)Arena.L2;

    internal EthereumNode L1Node => Arena.L1.Node;

    /// <summary>The L2's node that derives from L1 alone; it stays the arena's.</summary>
    internal L2Node Verifier => _verifier!;

    /// <summary>The block with the last transaction of each kind.</summary>
    internal Dictionary<string, ulong> Blocks { get; } = [];

    internal ulong Half { get; private set; }

    internal ulong Posted { get; private set; }

    internal Block L1Head { get; private set; } = null!;

    internal byte[] Rollup { get; private set; } = [];

    internal byte[] L1Config { get; private set; } = [];

    public async Task InitializeAsync()
    {
        if (L2Program.Find() is null)
        {
            return;
        }

        // The program does not know it by its id.
        _arena = await ClassicArena.StartAsync(
            Repository.Packages, ArenaChains.Usual with { L2ChainId = 70_555 });
        Rollup = await File.ReadAllBytesAsync(L2.RollupPath);
        L1Config = await File.ReadAllBytesAsync(L2.L1ConfigPath);
        ArenaAccount helper = Arena.Accounts.Helper;
        Address asking = await CreateAsync("create", L2Code.Asking);
        Address filling = await CreateAsync("create", L2Code.Filling);
        for (byte number = 0; number < 6; number++)
        {
            _ = await CreateAsync("create", L2Code.Small(number));
        }

        await SendAsync("fill", filling, L2Code.Fill(0, SlotCount));
        _ = await Arena.OnL1(helper).SendAsync(Arena.Contracts.Portal.Request(
            helper.Address,
            new OptimismPortal2.DepositTransactionFunction
            {
                To = Arena.Accounts.Thief.Address,
                Value = 77,
                GasLimit = 100_000,
                Data = [],
            },
            77));
        Half = await PostAsync();
        await SendAsync("change", filling, L2Code.Fill(SlotCount / 2, 3));
        await SendAsync("recover", asking, L2Code.Ask(1, new byte[128]));
        await SendAsync("pairing", asking, L2Code.Ask(8, []));
        await SendAsync("point evaluation", asking, L2Code.Ask(0x0a, L2Code.PointEvaluation(7)));
        await SendAsync("wrong point evaluation", asking, L2Code.Ask(0x0a, new byte[192]));
        Posted = await PostAsync();
        await SendAsync("not posted", filling, L2Code.Fill(1, 1));
        L1Head = await L1Node.GetBlockAsync(BlockReference.Latest);
        _verifier = await L2.VerifierAsync();
        Assert.Equal(Posted, (await Verifier.Rollup.GetSyncStatusAsync()).Safe.Number);
    }

    public async Task DisposeAsync()
    {
        if (_arena is not null)
        {
            await _arena.DisposeAsync();
        }
    }

    /// <summary>A claim about an L2 block, with its own right root unless another is given.</summary>
    internal async Task<DisputedClaim> ClaimAsync(ulong agreed, ulong block, Bytes32? root = null)
    {
        OutputRoot start = await OutputRoot.ReadAsync(Verifier.Node, agreed);
        return new DisputedClaim
        {
            L1Head = L1Head.Hash,
            AgreedBlockHash = start.BlockHash,
            AgreedOutputRoot = start.Hash,
            ClaimedOutputRoot = root ?? (await OutputRoot.ReadAsync(Verifier.Node, block)).Hash,
            ClaimedBlockNumber = block,
            ChainId = Arena.Options.L2ChainId,
        };
    }

    /// <summary>An oracle that asks the chains, or others in their place.</summary>
    internal HostOracle Serve(
        DisputedClaim claim,
        string folder,
        EthereumNode? l1 = null,
        EthereumNode? l2 = null,
        HostOptions? options = null,
        BlobFetcher? blobs = null)
    {
        PreimageStore store = new(folder);
        PreimageFetcher fetcher = new(l1 ?? L1Node, l2 ?? Verifier.Node, claim, store, options, blobs);
        return new HostOracle(claim, store, fetcher);
    }

    /// <summary>Runs the program with this chain's configuration.</summary>
    internal DerivedEnd Run(StateVersion version, IPreimageOracle oracle) =>
        Run(version, oracle, Rollup, L1Config);

    /// <summary>Runs the program with a configuration.</summary>
    internal static DerivedEnd Run(
        StateVersion version, IPreimageOracle oracle, byte[] rollup, byte[] l1Config)
    {
        TextOutput output = new();
        using IEngineMachine machine = FaultProofProgram.Load(
            version, CheckedSource.Connect(oracle) with { Output = output }, rollup, l1Config);
        _ = machine.Run(new RunLimits());
        MachineSummary end = machine.Describe();
        return new DerivedEnd(end.ExitCode, end.Step, output.Text.ToString());
    }

    /// <summary>Runs the program on a claim, with a folder of its own.</summary>
    internal DerivedEnd Decide(StateVersion version, DisputedClaim claim)
    {
        using TemporaryFolder folder = new();
        using HostOracle oracle = Serve(claim, folder.Path);
        return Run(version, oracle);
    }

    // All there are; deposits come first.
    private async Task<ulong> PostAsync()
    {
        await L2.CatchUpAsync();
        await L2.PostAsync(Arena.Accounts.Batcher);
        return (await L2.Rollup.GetSyncStatusAsync()).Safe.Number;
    }

    private async Task<Address> CreateAsync(string kind, byte[] code)
    {
        TransactionReceipt receipt = await SendAsync(kind, null, code);
        return receipt.CreatedContract!.Value;
    }

    private async Task<TransactionReceipt> SendAsync(string kind, Address? to, byte[] data)
    {
        // A precompiled contract that fails takes all gas but a 64th.
        ArenaAccount user = Arena.Accounts.User;
        TransactionReceipt receipt = await Arena.OnL2(user).SendAsync(
            new CallRequest { From = user.Address, To = to, Data = data, GasLimit = GasLimit });
        Assert.True(receipt.Succeeded, kind);
        Blocks[kind] = receipt.BlockNumber;
        return receipt;
    }

    private sealed class TextOutput : IGuestOutput
    {
        public StringBuilder Text { get; } = new();

        public void Write(int descriptor, ReadOnlySpan<byte> bytes) =>
            Text.Append(Encoding.UTF8.GetString(bytes));
    }
}

/// <summary>The tests that share such chains.</summary>
[CollectionDefinition(Name)]
public sealed class DerivedChainTestGroup : ICollectionFixture<DerivedChain>
{
    internal const string Name = "derived chain";
}
