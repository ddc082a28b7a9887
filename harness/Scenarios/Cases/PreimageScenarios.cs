using System.Numerics;
using Culverin.Harness.Abi;
using Culverin.Harness.Arenas;
using Culverin.Harness.Arenas.Oracle;
using Culverin.Harness.Contracts;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Player;
using Culverin.Harness.Disputes.Preimages;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Disputes.Traces.Alphabet;
using Culverin.Harness.Host;
using Culverin.Harness.Rpc;
using Culverin.Harness.Scenarios.Rigs;
using Culverin.Harness.Scenarios.Run;
using Culverin.Harness.Values;

namespace Culverin.Harness.Scenarios.Cases;

/// <summary>Large pre-images that others propose, and how the player stands against wrong ones.</summary>
internal static class PreimageScenarios
{
    private const ulong ClaimedBlock = 4;
    private const int DataBytes = 20_000;
    private const int MiddleBlock = 10;
    private const int ForgedBytes = 32;

    // The forger says something wrong about the state; or changes bytes and says what was right before, so
    // that the wrong bytes would get under the right key; or does that and never finishes, since the contract
    // would take it at once.
    private const string WrongCommitment = "commitment";
    private const string WrongData = "data";
    private const string Unfinished = "unfinished";

    internal static IReadOnlyList<Scenario> All { get; } =
    [
        Make(
            "P1",
            "A proposal of a large pre-image that is wrong from its first block on",
            "The player challenges the first block, gets the bond, and the oracle takes nothing.",
            [WrongCommitment, WrongData],
            run => ChallengeAsync(run, 0)),
        Make(
            "P2",
            "A proposal of a large pre-image with a wrong block in the middle",
            "The player challenges it with the proofs of two blocks, also where the forger never finishes.",
            [WrongCommitment, WrongData, Unfinished],
            run => ChallengeAsync(run, MiddleBlock)),
        Make(
            "P3",
            "A proposal of a large pre-image whose last block, the one with the padding, is wrong",
            "The player challenges that one too.",
            [WrongCommitment],
            run => ChallengeAsync(run, DataBytes / KeccakSponge.BlockBytes)),
    ];

    private static Scenario Make(
        string id, string title, string proves, string[] cases, Func<ScenarioRun, Task> body) => new()
        {
            Id = id,
            Title = title,
            Proves = proves,
            Variants = [.. cases.Select(each => new ScenarioVariant(each))],
            Options = AlphabetScenarios.OptionsOf,
            Body = body,
        };

    private static async Task ChallengeAsync(ScenarioRun run, int wrongBlock)
    {
        Contract oracle = run.Arena.Contracts.Oracle;
        ArenaAccount challenger = run.Arena.Accounts.Challenger;
        byte[] data = new byte[DataBytes];
        new Random(wrongBlock).NextBytes(data);
        LargePreimage right = new(data);
        byte[] forged = [.. data];
        Bytes32[] commitments = [.. right.Commitments];
        if (run.Variant.Case == WrongCommitment)
        {
            commitments[wrongBlock] = Bytes32.Keccak256("wrong"u8);
        }
        else
        {
            forged.AsSpan(wrongBlock * KeccakSponge.BlockBytes, ForgedBytes).Fill(0xee);
        }

        using PlayerService service = await StartAsync(run).ConfigureAwait(false);
        PreimageForger helper = new(run, run.Arena.OnL1(run.Arena.Accounts.Helper));
        await helper.BeginAsync(0, DataBytes).ConfigureAwait(false);
        await helper.AddAsync(data, [.. right.Commitments], isLast: true).ConfigureAwait(false);
        PreimageForger thief = new(run, run.Arena.OnL1(run.Arena.Accounts.Thief));
        await thief.BeginAsync(0, DataBytes).ConfigureAwait(false);
        bool isLast = run.Variant.Case != Unfinished;
        await thief
            .AddAsync(isLast ? forged : KeccakSponge.Pad(forged), commitments, isLast)
            .ConfigureAwait(false);
        ServiceRecord record = await service.PlayOnceAsync(run.Cancellation).ConfigureAwait(false);
        run.Expect("What ended the round early", "", record.Failure ?? "");
        run.Expect("Oracles that could not be looked at", 0, record.FailedOracleCount);
        ulong sent = await SentAsync().ConfigureAwait(false);
        run.Expect("The player's transactions", 1ul, sent);
        run.Expect("The bond of the forger", 0, await thief.BondAsync().ConfigureAwait(false));
        BigInteger bond = await helper.BondAsync().ConfigureAwait(false);
        run.Expect("Whether the right proposal has its bond", true, bond > 0);
        await run.Arena.L1
            .AdvanceAsync(run.Arena.Options.LargePreimageChallengeSeconds + 1, run.Cancellation)
            .ConfigureAwait(false);
        LargePreimageTree tree = new(KeccakSponge.Pad(forged), commitments);
        RevertReason reason = await run
            .ExpectRevertAsync("The forger's last step", () => thief.TakeAsync(tree), "BadProposal")
            .ConfigureAwait(false);
        run.ExpectOutcome("BadProposal", reason.Name);
        run.Expect("Whether the oracle has the part", false, await IsHeldAsync().ConfigureAwait(false));
        await helper.TakeAsync(right.Tree).ConfigureAwait(false);
        run.Expect("Whether it has it later", true, await IsHeldAsync().ConfigureAwait(false));
        _ = await service.PlayOnceAsync(run.Cancellation).ConfigureAwait(false);
        run.Expect("The player's transactions at the end", sent, await SentAsync().ConfigureAwait(false));
        run.ExpectOfLedger(ledger => run.Expect(
            "What the player gained",
            bond - ledger.FeesOf(challenger.Address),
            ledger.Gains[challenger.Address]));

        Task<ulong> SentAsync() => run.Arena.L1.Node.GetNonceAsync(
            challenger.Address, cancellation: run.Cancellation);

        async Task<bool> IsHeldAsync() => (await oracle
            .ReadAsync(
                new PreimageOracle.PreimagePartOkFunction { Item1 = PreimageStore.KeyOf(data) },
                cancellation: run.Cancellation)
            .ConfigureAwait(false)).Value;
    }

    // A game about a right root, in which nothing is to be done, leads the player to the oracle.
    private static async Task<PlayerService> StartAsync(ScenarioRun run)
    {
        RollupRig rollup = new(run);
        await rollup.MakeBlocksAsync(ClaimedBlock).ConfigureAwait(false);
        Bytes32 root = await rollup.OutputAsync(ClaimedBlock).ConfigureAwait(false);
        DisputeContracts contracts = DisputeContracts.Of(run.Arena);
        _ = await GameClient
            .CreateAsync(
                contracts.Factory,
                contracts.Game,
                run.Arena.OnL1(run.Arena.Accounts.Proposer),
                new GameProposal(GameTypes.Fault, root, ClaimedBlock),
                run.Cancellation)
            .ConfigureAwait(false);
        return new PlayerService(
            contracts,
            run.Arena.OnL1(run.Arena.Accounts.Challenger),
            new Dictionary<uint, IGameTraces>
            {
                [GameTypes.Fault] = new AlphabetGameTraces(
                    AlphabetScenarios.Letter, run.Arena.Options.L2ChainId, _ => rollup.Outputs()),
            },
            new PreimageLoader(contracts));
    }
}
