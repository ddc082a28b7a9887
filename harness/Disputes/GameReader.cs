using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Chain;

namespace Culverin.Harness.Disputes;

/// <summary>
/// Reads a fault dispute game (contract 1.2.0) at one L1 block, named by its hash, so that a reorganised
/// chain gives no mixture.
/// </summary>
public static class GameReader
{
    /// <summary>The most claims that a game may have.</summary>
    public const int ClaimsMax = 100_000;

    // Others differ in what a position is about, in how bonds are paid, or in both: a bond put up by the
    // wrong rules is lost.
    private const string KnownVersion = "1.2.0";

    /// <summary>
    /// The game as it is at a block. Throws <see cref="ChainException"/> when the node fails, no longer has
    /// the block, or what it answers is no game of this version.
    /// </summary>
    public static async Task<Game> ReadAsync(
        Contract game, Block block, CancellationToken cancellation = default)
    {
        string[] names =
        [
            "maxGameDepth", "splitDepth", "maxClockDuration", "clockExtension", "absolutePrestate",
            "claimDataLen", "status", "startingRootHash", "startingBlockNumber", "l2BlockNumber", "l1Head",
            "l2BlockNumberChallenged", "l2BlockNumberChallenger", "l2ChainId", "version",
        ];
        IReadOnlyList<IReadOnlyList<AbiValue>> answers = await AskAsync(
            game, block, [.. names.Select(name => (name, Array.Empty<AbiValue>()))], cancellation)
            .ConfigureAwait(false);
        Dictionary<string, AbiValue> facts =
            names.Zip(answers, (name, answer) => (name, answer[0])).ToDictionary();
        if (facts["version"].AsText() is not KnownVersion and string version)
        {
            throw new ChainException(
                ChainFailure.BadAnswer,
                $"The game's contract has version {JsonRpcError.Printable(version)}; only {KnownVersion} is "
                    + "known here.");
        }

        int depth = (int)Small(facts["maxGameDepth"], Position.DepthMax);
        GameRules rules = new()
        {
            MaxDepth = depth,
            SplitDepth = (int)Small(facts["splitDepth"], Position.DepthMax),
            MaxClockSeconds = Small(facts["maxClockDuration"], ulong.MaxValue),
            ClockExtensionSeconds = Small(facts["clockExtension"], ulong.MaxValue),
            AbsolutePrestate = facts["absolutePrestate"].AsBytes32(),
            CountsPastClaimedBlock = true,
            Bonds = await ReadBondsAsync(game, block, depth, cancellation).ConfigureAwait(false),
        };
        int count = (int)Small(facts["claimDataLen"], ClaimsMax);
        Claim[] claims = await ReadClaimsAsync(game, block, count, cancellation).ConfigureAwait(false);
        return new Game(rules, claims)
        {
            Address = game.Address,
            Status = (GameStatus)Small(facts["status"], (ulong)GameStatus.DefenderWins),
            TimestampSeconds = block.Timestamp,
            StartingRoot = facts["startingRootHash"].AsBytes32(),
            StartingBlock = Small(facts["startingBlockNumber"], ulong.MaxValue),
            ClaimedBlock = ClaimedBlockOf(facts["l2BlockNumber"]),
            L1Head = facts["l1Head"].AsBytes32(),
            L2ChainId = Small(facts["l2ChainId"], ulong.MaxValue),
            BlockNumberChallenger = facts["l2BlockNumberChallenged"].AsBoolean()
                ? facts["l2BlockNumberChallenger"].AsAddress()
                : null,
        };
    }

    private static async Task<BigInteger[]> ReadBondsAsync(
        Contract game, Block block, int maxDepth, CancellationToken cancellation)
    {
        IReadOnlyList<IReadOnlyList<AbiValue>> bonds = await AskAsync(
            game,
            block,
            [
                .. Enumerable.Range(0, maxDepth + 1).Select(depth =>
                    ("getRequiredBond", new AbiValue[] { BigInteger.One << depth })),
            ],
            cancellation).ConfigureAwait(false);
        return [.. bonds.Select(bond => bond[0].AsInteger())];
    }

    private static async Task<Claim[]> ReadClaimsAsync(
        Contract game, Block block, int count, CancellationToken cancellation)
    {
        IReadOnlyList<IReadOnlyList<AbiValue>> answers = await AskAsync(
            game,
            block,
            [
                .. Enumerable.Range(0, count).Select(index => ("claimData", new AbiValue[] { index })),
                .. Enumerable.Range(0, count).Select(index => ("resolvedSubgames", new AbiValue[] { index })),
            ],
            cancellation).ConfigureAwait(false);
        return
        [
            .. Enumerable.Range(0, count).Select(index =>
                ClaimOf(index, answers[index], answers[count + index][0].AsBoolean())),
        ];
    }

    private static Claim ClaimOf(int index, IReadOnlyList<AbiValue> fields, bool isResolved)
    {
        ulong parent = Small(fields[0], uint.MaxValue);
        Address counteredBy = fields[1].AsAddress();
        BigInteger clock = fields[6].AsInteger();
        return new Claim
        {
            Index = index,
            ParentIndex = parent == uint.MaxValue ? null : (int)ulong.Min(parent, int.MaxValue),
            CounteredBy = counteredBy == default ? null : counteredBy,
            Claimant = fields[2].AsAddress(),
            Bond = fields[3].AsInteger(),
            Value = fields[4].AsBytes32(),
            Position = new Position((UInt128)fields[5].AsInteger()),
            Clock = new GameClock((ulong)(clock >> 64), (ulong)(clock & ulong.MaxValue)),
            IsResolved = isResolved,
        };
    }

    // Anyone may claim any number. One that no chain reaches must not hide the game from its challengers.
    private static ulong ClaimedBlockOf(AbiValue number) =>
        (ulong)BigInteger.Min(number.AsInteger(), ulong.MaxValue);

    private static ulong Small(AbiValue value, ulong most) =>
        value.AsInteger() is var number && number <= most
            ? (ulong)number
            : throw new ChainException(ChainFailure.BadAnswer, $"{number} is out of the bounds of a game.");

    private static async Task<IReadOnlyList<IReadOnlyList<AbiValue>>> AskAsync(
        Contract game,
        Block block,
        IReadOnlyList<(string Function, AbiValue[] Arguments)> questions,
        CancellationToken cancellation)
    {
        CallRequest[] calls =
            [.. questions.Select(question => game.Request(default, question.Function, question.Arguments))];
        IReadOnlyList<CallOutcome> outcomes = await game.Node
            .CallManyAsync(calls, BlockReference.Hash(block.Hash), cancellation)
            .ConfigureAwait(false);
        return
        [
            .. questions.Zip(outcomes, (question, outcome) => game.Abi
                .Function(question.Function)
                .DecodeOutputs(outcome.Require($"{game.Name}.{question.Function}", game.Abi))),
        ];
    }
}
