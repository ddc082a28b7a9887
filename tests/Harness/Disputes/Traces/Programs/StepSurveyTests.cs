using Culverin.Harness.Arenas;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Player;
using Culverin.Harness.Disputes.Preimages;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Disputes.Traces.Programs;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Tests.Disputes.Player;
using Culverin.Harness.Tests.Host;
using Culverin.Harness.Tests.Local;
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
    private const int SpamBytes = 100_000;
    private const int SpamCount = 10;
    private const byte UnfinishedStatus = 3;

    [L2NodeFact]
    public async Task Data_of_a_stranger_in_the_inbox_make_runs_too_long_and_that_is_told_first()
    {
        await using DerivedWorld world = await DerivedWorld.StartAsync(DerivedWorld.Options with
        {
            SplitDepth = SplitDepth,
            MaxGameDepth = SplitDepth + 1 + ExecutionDepth,
        });
        _ = await world.ProduceUntilAsync(FirstPosted);
        await world.PostAsync();
        (GameRecord before, string[] early) = await PlayAsync(world, FirstPosted);
        Assert.False(before.Need!.IsTooLong, $"{before.Need}");
        Assert.Equal(UInt128.One << ExecutionDepth, before.Need.Positions);
        Assert.Empty(early);
        _ = await world.ProduceUntilAsync(LastBlock);
        await PostSpamAsync(world);
        await world.PostAsync();
        (GameRecord after, string[] warnings) = await PlayAsync(world, LastBlock);
        Assert.True(after.Need!.IsTooLong, $"{after.Need}");
        string warning = Assert.Single(warnings);
        Assert.Contains("134,217,728 positions", warning, StringComparison.Ordinal);
        Assert.Contains(warning, after.Warnings);

        // So it is: the run's state at the last position has no verdict.
        using TemporaryFolder folder = new();
        OutputTrace outputs = new(world.Source(), after.Game!);
        using ProgramTraces traces = new(
            after.Game!, outputs, world.L1Node, world.Verifier.Node, Options(folder));
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
        DerivedWorld world, ulong claimed)
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
        ulong sent = await world.L1Node.GetNonceAsync(accounts.Challenger.Address);
        using GamePlayer player = new(
            contracts,
            game.Contract.Address,
            GameTypes.Fault,
            world.Arena.OnL1(accounts.Challenger),
            ProgramGameTraces.Load(
                world.L1Node,
                world.Verifier.Node,
                world.Arena.Options.L2ChainId,
                Options(folder),
                _ => world.Source()),
            new PreimageLoader(contracts),
            warn: text =>
            {
                ulong now = world.L1Node.GetNonceAsync(accounts.Challenger.Address).GetAwaiter().GetResult();
                Assert.Equal(sent, now);
                warnings.Add(text);
            });
        GameRecord record = await player.PlayAsync(await world.L1HeadAsync());
        Assert.True(record.Failure is null, record.Failure);
        Assert.Equal(PlayerActionKind.Move, Assert.Single(record.Actions).Intent.Kind);
        return (record, [.. warnings]);
    }

    // As anyone can: the program has to read what is in the inbox to see that it is not the batcher's.
    private static async Task PostSpamAsync(DerivedWorld world)
    {
        TransactionSender stranger = world.Arena.OnL1(world.Arena.Accounts.Helper);
        byte[] data = new byte[SpamBytes];
        new Random(SpamBytes).NextBytes(data);
        for (int count = 0; count < SpamCount; count++)
        {
            _ = await stranger.SendAsync(new CallRequest
            {
                From = stranger.Address,
                To = world.Arena.BatchInbox,
                Data = data,
            });
        }
    }

    private static ProgramOptions Options(TemporaryFolder folder) => new()
    {
        PrestatePath = FaultProofProgram.PrestatePath,
        DataFolder = folder.Path,
    };
}
