using Culverin.Harness.Arenas;
using Culverin.Harness.Host;
using Culverin.Harness.Local;
using Culverin.Harness.Tests.Rollup;
using Culverin.Harness.Values;
using Xunit;

namespace Culverin.Harness.Tests.Host;

/// <summary>
/// One living L1 and L2 for all tests of a class: deposits and withdrawals in 24 L2 blocks, of which the
/// first 20 are on L1, in two batches.
/// </summary>
public sealed class DisputedChain : IAsyncLifetime
{
    internal const ulong Agreed = 3;
    internal const ulong PostedFirst = 10;
    internal const ulong Posted = 20;
    internal const ulong Produced = 24;

    private DerivedWorld? _world;

    internal DerivedWorld World => _world!;

    internal Block L1Head { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (!L2Program.IsThere)
        {
            return;
        }

        _world = await DerivedWorld.StartAsync();
        ArenaAccount user = World.Arena.Accounts.User;
        ArenaAccount helper = World.Arena.Accounts.Helper;
        await World.DepositAsync(user, user.Address, 5_000);
        await World.ProduceUntilAsync(Agreed + 1);
        await World.WithdrawAsync(user, 700);
        await World.DepositAsync(helper, user.Address, 60);
        await World.ProduceUntilAsync(PostedFirst);
        await World.PostAsync(PostedFirst);
        await World.DepositAsync(user, helper.Address, 1);
        await World.WithdrawAsync(helper, 8);
        await World.ProduceUntilAsync(Posted);
        await World.PostAsync(Posted);
        await World.DepositAsync(user, helper.Address, 2);
        await World.ProduceUntilAsync(Produced);
        L1Head = await World.L1HeadAsync();
        Assert.Equal(Posted, (await World.Verifier.Rollup.GetSyncStatusAsync()).Safe.Number);
    }

    public async Task DisposeAsync()
    {
        if (_world is not null)
        {
            await _world.DisposeAsync();
        }
    }

    /// <summary>A claim about an L2 block, with its own right root unless another is given.</summary>
    internal async Task<DisputedClaim> ClaimAsync(
        ulong block, Bytes32? root = null, ulong agreed = Agreed, Bytes32? l1Head = null) => new()
        {
            L1Head = l1Head ?? L1Head.Hash,
            AgreedBlockHash = (await World.L2BlockAsync(agreed)).Hash,
            AgreedOutputRoot = await World.OutputAsync(agreed),
            ClaimedOutputRoot = root ?? await World.OutputAsync(block),
            ClaimedBlockNumber = block,
            ChainId = World.Arena.Options.L2ChainId,
        };

    /// <summary>An oracle in this process that asks the chains.</summary>
    internal HostOracle Serve(DisputedClaim claim, string folder, HostOptions? options = null)
    {
        PreimageStore store = new(folder);
        return new HostOracle(claim, store, Fetcher(claim, store, options));
    }

    /// <summary>Gets pre-images from the chains.</summary>
    internal PreimageFetcher Fetcher(DisputedClaim claim, PreimageStore store, HostOptions? options = null) =>
        new(World.L1Node, World.Verifier.Node, claim, store, options);

    /// <summary>Runs the program on a claim, with a folder of its own.</summary>
    internal GuestEnd Decide(DisputedClaim claim)
    {
        using TemporaryFolder folder = new();
        using HostOracle oracle = Serve(claim, folder.Path);
        return Guest.Run(oracle);
    }
}
