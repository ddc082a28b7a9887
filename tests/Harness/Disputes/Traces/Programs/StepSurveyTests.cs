using Culverin.Harness.Arenas;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Player;
using Culverin.Harness.Disputes.Preimages;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Disputes.Traces.Outputs;
using Culverin.Harness.Disputes.Traces.Programs;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Tests.Disputes.Player;
using Culverin.Harness.Tests.Host;
using Culverin.Harness.Tests.Rollup;
using Culverin.Harness.Values;
using Xunit;
using FaultProofProgram = Culverin.Harness.Tests.Host.Guest;

namespace Culverin.Harness.Tests.Disputes.Traces.Programs;

/// <summary>
/// A stranger lengthens the program's runs, and the player says so before it puts up a bond.
/// </summary>
public sealed class StepSurveyTests
{
    private const int SplitDepth = 2;
    private const int ExecutionDepth = 27;
    private const ulong FirstPosted = 3;
    private const ulong LastBlock = 5;
    private const int CopyCount = 10;
    private const byte UnfinishedStatus = 3;

    [Fact]
    public async Task Copies_of_headers_from_a_stranger_make_runs_too_long_and_that_is_told_first()
    {
        await using RollupWorld world = await RollupWorld.StartAsync(new ArenaOptions
        {
            SplitDepth = SplitDepth,
            MaxGameDepth = SplitDepth + 1 + ExecutionDepth,
            AbsolutePrestate = FaultProofProgram.PrestateHash,
        });
        _ = await world.Sequencer.ProduceUntilAsync(FirstPosted);
        _ = await world.Batcher.PostAsync();
        (GameRecord before, string[] early) = await PlayAsync(world, FirstPosted);
        Assert.False(before.Need!.IsTooLong, $"{before.Need}");
        Assert.Equal(UInt128.One << ExecutionDepth, before.Need.Positions);
        Assert.Empty(early);
        _ = await world.Sequencer.ProduceUntilAsync(LastBlock);
        await PostCopiesAsync(world);
        _ = await world.Batcher.PostAsync();
        (GameRecord after, string[] warnings) = await PlayAsync(world, LastBlock);
        Assert.True(after.Need!.IsTooLong, $"{after.Need}");
        string warning = Assert.Single(warnings);
        Assert.Contains("134,217,728 positions", warning, StringComparison.Ordinal);
        Assert.Contains(warning, after.Warnings);

        // So it is: the run's state at the last position has no verdict.
        using TemporaryFolder folder = new();
        OutputTrace outputs = new(Outputs(world), after.Game!);
        using ProgramTraces traces = new(after.Game!, outputs, world.L1, world.L2, Options(folder));
        ulong leaf = after.Need.Block - after.Game!.StartingBlock - 1;
        ulong firstLeaf = 1ul << SplitDepth;
        OutputDispute dispute = new(
            await world.OutputAsync(after.Need.Block - 1),
            leaf == 0 ? null : new Position(firstLeaf + leaf - 1),
            await world.OutputAsync(after.Need.Block),
            new Position(firstLeaf + leaf));
        IStateTrace run = await traces.OpenAsync(dispute);
        Bytes32 end = await run.ClaimAtAsync((UInt128.One << ExecutionDepth) - 1);
        Assert.Equal(UnfinishedStatus, end.FirstByte);
    }

    // A round in a forged game, with the bonds that were up when each warning came.
    private static async Task<(GameRecord Record, string[] Warnings)> PlayAsync(
        RollupWorld world, ulong claimed)
    {
        ArenaAccounts accounts = world.Arena.Accounts;
        DisputeContracts contracts = DisputeContracts.Of(world.Arena);
        GameClient game = await GameClient.CreateAsync(
            contracts.Factory,
            contracts.Game,
            world.Arena.OnL1(accounts.Thief),
            new GameProposal(GameTypes.Fault, PlayerWorld.Forgery, claimed));
        using TemporaryFolder folder = new();
        List<string> warnings = [];
        ulong sent = await world.L1.GetNonceAsync(accounts.Challenger.Address);
        using GamePlayer player = new(
            contracts,
            game.Contract.Address,
            GameTypes.Fault,
            world.Arena.OnL1(accounts.Challenger),
            ProgramGameTraces.Load(world.L1, world.L2, world.Config, Options(folder)),
            new PreimageLoader(contracts),
            warn: text =>
            {
                ulong now = world.L1.GetNonceAsync(accounts.Challenger.Address).GetAwaiter().GetResult();
                Assert.Equal(sent, now);
                warnings.Add(text);
            });
        GameRecord record = await player.PlayAsync(await world.L1HeadAsync());
        Assert.True(record.Failure is null, record.Failure);
        Assert.Equal(PlayerActionKind.Move, Assert.Single(record.Actions).Intent.Kind);
        return (record, [.. warnings]);
    }

    // As anyone can who sees the blocks before the batcher has posted them.
    private static async Task PostCopiesAsync(RollupWorld world)
    {
        List<BlockHeader> headers = [];
        for (ulong number = FirstPosted + 1; number <= LastBlock; number++)
        {
            headers.Add((await world.L2BlockAsync(number)).Header);
        }

        TransactionSender stranger = world.Arena.OnL1(world.Arena.Accounts.Helper);
        for (int copy = 0; copy < CopyCount; copy++)
        {
            _ = await stranger.SendAsync(new CallRequest
            {
                From = stranger.Address,
                To = world.Config.BatchInbox,
                Data = Batch.Encode(headers),
            });
        }
    }

    private static NodeOutputSource Outputs(RollupWorld world) =>
        new(world.L1, world.L2, world.Config, world.Arena.AnchorBlock);

    private static ProgramOptions Options(TemporaryFolder folder) => new()
    {
        PrestatePath = System.IO.Path.Combine(FaultProofProgram.Folder, "prestate.bin.gz"),
        DataFolder = folder.Path,
    };
}
