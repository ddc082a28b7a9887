using Culverin.Harness.Arenas;
using Culverin.Harness.Arenas.Classic;
using Culverin.Harness.Arenas.Oracle;
using Culverin.Harness.Contracts;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Disputes.Traces.Programs;
using Culverin.Harness.Host;
using Culverin.Harness.Rpc;
using Culverin.Harness.Tests.Host;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Values;
using Culverin.Oracle;
using Xunit;
using FaultProofProgram = Culverin.Harness.Tests.Host.Guest;

namespace Culverin.Harness.Tests.Disputes.Traces.Programs;

/// <summary>Runs of the fault-proof program for the disputes of a game.</summary>
public sealed class ProgramTracesTests(DisputedChain chain) : IClassFixture<DisputedChain>
{
    private const ulong Claimed = 3;
    private const int SplitDepth = 2;
    private const byte ValidStatus = 0;
    private const byte InvalidStatus = 1;

    // More steps than the program ever makes.
    private const ulong Late = 1ul << 40;

    private static readonly Bytes32 Junk = Bytes32.Keccak256([9]);

    [L2NodeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_program_is_told_what_the_contract_stores(bool isBehindClaimedBlock)
    {
        // Positions 2, then 4 or 6: the first block, or the one after the claimed block.
        Contract contract = await CreateAsync();
        await MoveAsync(contract, "attack", await chain.World.OutputAsync(Claimed));
        await MoveAsync(contract, isBehindClaimedBlock ? "defend" : "attack", Junk);
        await MoveAsync(contract, "attack", new([InvalidStatus, .. Junk.ToArray().AsSpan(1)]));
        Game game = await GameReader.ReadAsync(contract, await chain.World.L1HeadAsync());
        OutputDispute dispute = game.DisputeAround(game.Claims[^1]);
        using TemporaryFolder folder = new();
        using ProgramTraces traces = Traces(game, folder.Path);
        DisputedClaim claim = await traces.ClaimAsync(dispute);
        Assert.Equal(isBehindClaimedBlock ? Claimed + 1 : 2, claim.ClaimedBlockNumber);
        for (int number = 1; number <= 5; number++)
        {
            byte[] value = claim.FindLocal((ulong)number)!;
            byte[] expected = [0, 0, 0, 0, 0, 0, 0, (byte)value.Length, .. value];
            Assert.Equal(expected, await StoredAsync(contract, game, dispute, number, expected.Length));
        }
    }

    [L2NodeFact]
    public async Task A_run_ends_with_the_programs_verdict_and_can_be_proven()
    {
        using TemporaryFolder folder = new();
        using ProgramTraces traces = Traces(ToyGame(), folder.Path);
        IStateTrace right = await traces.OpenAsync(await FirstDisputeAsync());
        Assert.Equal(FaultProofProgram.PrestateHash, await right.PrestateAsync());
        Assert.Equal(ValidStatus, (await right.ClaimAtAsync(Late)).FirstByte);
        StepData first = await right.StepAsync(0);
        Assert.Equal(
            FaultProofProgram.PrestateHash.ToArray()[1..],
            Bytes32.Keccak256(first.Prestate.Span).ToArray()[1..]);
        IStateTrace wrong = await traces.OpenAsync((await FirstDisputeAsync()) with { Disputed = Junk });
        Assert.Equal(InvalidStatus, (await wrong.ClaimAtAsync(Late)).FirstByte);
        Assert.Equal(await right.ClaimAtAsync(5), await wrong.ClaimAtAsync(5));
        Assert.NotEqual(await right.ClaimAtAsync(Late), await wrong.ClaimAtAsync(Late));
    }

    [L2NodeFact]
    public async Task Open_runs_and_kept_runs_are_bounded()
    {
        using TemporaryFolder folder = new();
        ProgramOptions options = Options(folder.Path) with { OpenRunsMax = 1, KeptRunsMax = 2 };
        using ProgramTraces traces = Traces(ToyGame(), folder.Path, options);
        OutputDispute dispute = await FirstDisputeAsync();
        Bytes32 hash = await (await traces.OpenAsync(dispute)).ClaimAtAsync(1_000_000);
        foreach (byte number in new byte[] { 1, 2, 3 })
        {
            OutputDispute other = dispute with { Disputed = Bytes32.Keccak256([number]) };
            _ = await (await traces.OpenAsync(other)).ClaimAtAsync(0);
            Assert.Equal(1, traces.OpenCount);
            Assert.InRange(Directory.GetDirectories(folder.Path).Length, 1, 2);
        }

        Assert.Equal(hash, await (await traces.OpenAsync(dispute)).ClaimAtAsync(1_000_000));
    }

    [L2NodeFact]
    public async Task A_run_goes_on_from_its_folder_without_nodes_even_when_damaged()
    {
        using TemporaryFolder folder = new();
        OutputDispute dispute = await FirstDisputeAsync();
        Bytes32 end;
        using (ProgramTraces traces = Traces(ToyGame(), folder.Path))
        {
            end = await (await traces.OpenAsync(dispute)).ClaimAtAsync(Late);

            // Nobody else may use the folder meanwhile.
            CulverinException busy = Assert.Throws<CulverinException>(
                () => Traces(ToyGame(), folder.Path));
            Assert.Equal(ErrorCode.FileAccess, busy.Code);
        }

        // What a kill in the middle of a clean-up leaves.
        string run = Directory.GetDirectories(folder.Path).Single();
        Directory.Delete(Path.Combine(run, "preimages"), recursive: true);
        File.Delete(Path.Combine(run, "trace", "first.culverin"));
        using (ProgramTraces traces = Traces(ToyGame(), folder.Path))
        {
            IStateTrace again = await traces.OpenAsync(dispute);
            Assert.Equal(end, await again.ClaimAtAsync(Late));
            _ = await again.StepAsync(3_000_000);
        }
    }

    [L2NodeFact]
    public async Task Nothing_is_run_from_an_output_that_is_not_right()
    {
        using TemporaryFolder folder = new();
        using ProgramTraces traces = Traces(ToyGame(), folder.Path);
        OutputDispute dispute = await FirstDisputeAsync();
        ChainException error = await Assert.ThrowsAsync<UndecidableException>(
            () => traces.OpenAsync(dispute with { Starting = Junk }));
        Assert.Equal(ChainFailure.BadAnswer, error.Failure);

        // Right, but two blocks further on.
        _ = await Assert.ThrowsAsync<UndecidableException>(() => traces.OpenAsync(
            dispute with { StartingPosition = new Position(6), DisputedPosition = new Position(7) }));
    }

    [L2NodeFact]
    public async Task A_missing_prestate_is_told()
    {
        using TemporaryFolder folder = new();
        ProgramOptions options = Options(folder.Path) with { PrestatePath = folder.Path + "/none" };
        using ProgramTraces traces = Traces(ToyGame(), folder.Path, options);
        OutputDispute dispute = await FirstDisputeAsync();
        CulverinException error =
            await Assert.ThrowsAsync<CulverinException>(() => traces.OpenAsync(dispute));
        Assert.Equal(ErrorCode.FileAccess, error.Code);
    }

    [L2NodeFact]
    public async Task Old_games_are_removed_unless_they_are_in_use()
    {
        using TemporaryFolder folder = new();
        ProgramGameTraces games = ProgramGameTraces.Load(
            chain.World.L1Node,
            chain.World.Verifier.Node,
            chain.World.Arena.Options.L2ChainId,
            Options(folder.Path) with { KeptGamesMax = 2 },
            _ => chain.World.Source());
        Assert.Equal(FaultProofProgram.PrestateHash, games.Prestate);
        using OpenTrace used = await games.OpenAsync(ToyGame(1));
        foreach (byte number in new byte[] { 2, 3, 4 })
        {
            using OpenTrace other = await games.OpenAsync(ToyGame(number));

            // One in use, the one before, and this one, whatever the clock of the files says.
            Assert.InRange(Directory.GetDirectories(folder.Path).Length, 2, 3);
            Assert.True(Directory.Exists(Path.Combine(folder.Path, $"game-{ToyGame(1).Address}")));
        }

        CulverinException busy =
            await Assert.ThrowsAsync<CulverinException>(() => games.OpenAsync(ToyGame(1)));
        Assert.Equal(ErrorCode.FileAccess, busy.Code);
    }

    [L2NodeFact]
    public async Task A_run_goes_on_when_the_node_answers_again()
    {
        using TemporaryFolder folder = new();
        using FaultyNode faulty = new(chain.World.Arena.L1.Endpoint, "drop", faultCount: 9);
        HostOptions host = new() { FetchDeadline = TimeSpan.FromMilliseconds(1) };
        ProgramOptions options = Options(folder.Path) with { Host = host };
        using ProgramTraces traces =
            new(ToyGame(), Outputs(ToyGame()), faulty.Node, chain.World.Verifier.Node, options);
        IStateTrace run = await traces.OpenAsync(await FirstDisputeAsync());
        int failures = 0;
        while (failures <= faulty.FaultCount)
        {
            try
            {
                Assert.Equal(ValidStatus, (await run.ClaimAtAsync(Late)).FirstByte);
                break;
            }
            catch (ChainException)
            {
                failures++;
            }
        }

        Assert.InRange(failures, 1, faulty.FaultCount);
    }

    [L2NodeFact]
    public async Task Whoever_waits_for_a_node_can_be_cancelled()
    {
        using TemporaryFolder folder = new();
        OutputDispute dispute = await FirstDisputeAsync();
        using FaultyNode faulty = new(chain.World.Arena.L1.Endpoint, "drop", int.MaxValue);
        using (ProgramTraces traces =
            new(ToyGame(), Outputs(ToyGame()), faulty.Node, chain.World.Verifier.Node, Options(folder.Path)))
        {
            using CancellationTokenSource patience = new(TimeSpan.FromSeconds(1));
            IStateTrace stopped = await traces.OpenAsync(dispute);
            Exception error = await Assert.ThrowsAnyAsync<Exception>(
                () => stopped.ClaimAtAsync(Late, patience.Token));
            Assert.True(
                error is OperationCanceledException or CulverinException { Code: ErrorCode.Cancelled });
            Assert.NotSame(stopped, await traces.OpenAsync(dispute));
        }

        using ProgramTraces again = Traces(ToyGame(), folder.Path);
        IStateTrace run = await again.OpenAsync(dispute);
        Assert.Equal(ValidStatus, (await run.ClaimAtAsync(Late)).FirstByte);
    }

    private static ProgramOptions Options(string folder) => new()
    {
        PrestatePath = FaultProofProgram.PrestatePath,
        DataFolder = folder,
    };

    private OutputTrace Outputs(Game game) => new(chain.World.Source(), game);

    private ProgramTraces Traces(Game game, string folder, ProgramOptions? options = null) =>
        new(game, Outputs(game), chain.World.L1Node, chain.World.Verifier.Node, options ?? Options(folder));

    // A game that is on no chain: only what the runs depend on counts.
    private Game ToyGame(byte number = 0)
    {
        GameRules rules = new()
        {
            MaxDepth = SplitDepth + 30,
            SplitDepth = SplitDepth,
            MaxClockSeconds = 1,
            ClockExtensionSeconds = 1,
            AbsolutePrestate = FaultProofProgram.PrestateHash,
            Bonds = new System.Numerics.BigInteger[SplitDepth + 31],
            CountsPastClaimedBlock = true,
        };
        Claim root = new()
        {
            Index = 0,
            ParentIndex = null,
            Position = Position.Root,
            Value = Junk,
            Claimant = default,
        };
        return new Game(rules, [root])
        {
            Address = new Address([.. new byte[Address.SizeBytes - 1], number]),
            StartingBlock = chain.World.Arena.AnchorBlock,
            ClaimedBlock = Claimed,
            StartingRoot = chain.World.Arena.AnchorOutput.Hash,
            L1Head = chain.L1Head.Hash,
            L2ChainId = chain.World.Arena.Options.L2ChainId,
        };
    }

    private async Task<OutputDispute> FirstDisputeAsync() => new(
        chain.World.Arena.AnchorOutput.Hash, null, await chain.World.OutputAsync(2), new Position(4));

    private async Task<Contract> CreateAsync()
    {
        Bytes32 root = Bytes32.Keccak256(Guid.NewGuid().ToByteArray());
        ClassicArena arena = chain.World.Arena;
        GameClient client = await GameClient.CreateAsync(
            arena.Contracts.Factory,
            arena.Contracts.FaultGame,
            arena.OnL1(arena.Accounts.Proposer),
            new GameProposal(GameTypes.Fault, root, Claimed));
        return client.Contract;
    }

    private async Task MoveAsync(Contract contract, string move, Bytes32 value)
    {
        ClassicArena arena = chain.World.Arena;
        GameClient client = new(contract, arena.OnL1(arena.Accounts.Challenger));
        Game game = await client.ReadAsync();
        Claim against = game.Claims[^1];
        _ = await client.MoveAsync(
            against, move == "attack", value, game.Rules.Bonds[against.Position.Depth + 1]);
    }

    // The words of the oracle that hold the value, each loaded by the game itself.
    private async Task<byte[]> StoredAsync(
        Contract contract, Game game, OutputDispute dispute, int number, int sizeBytes)
    {
        ClassicArena arena = chain.World.Arena;
        GameClient client = new(contract, arena.OnL1(arena.Accounts.Helper));
        byte[] key = new byte[Bytes32.SizeBytes];
        key[0] = (byte)PreimageKeyType.Local;
        key[^1] = (byte)number;
        Bytes32 stored =
            OracleKey.Localize(new Bytes32(key), contract.Address, dispute.LocalContext());
        byte[] value = new byte[sizeBytes];
        for (int offset = 0; offset < sizeBytes; offset += Bytes32.SizeBytes)
        {
            _ = await client.AddLocalDataAsync((UInt128)number, game.Claims.Count - 1, (ulong)offset);
            PreimageOracle.PreimagePartsResult word = await arena.Contracts.Oracle.ReadAsync(
                new PreimageOracle.PreimagePartsFunction { Item1 = stored, Item2 = offset });
            int count = int.Min(Bytes32.SizeBytes, sizeBytes - offset);
            word.Value.ToArray().AsSpan(0, count).CopyTo(value.AsSpan(offset));
        }

        return value;
    }
}
