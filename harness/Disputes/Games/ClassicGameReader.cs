using System.Numerics;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Games;

/// <summary>Reads one game of the contract FaultDisputeGame 1.2.0 at one block; for one call.</summary>
internal sealed class ClassicGameReader
{
    /// <summary>The version of the contract.</summary>
    internal const string Version = "1.2.0";

    private readonly Contract _game;
    private readonly Block _block;
    private readonly CallBatch _facts;
    private readonly BatchAnswer<FaultDisputeGame.MaxGameDepthResult> _maxDepth;
    private readonly BatchAnswer<FaultDisputeGame.SplitDepthResult> _splitDepth;
    private readonly BatchAnswer<FaultDisputeGame.MaxClockDurationResult> _maxClock;
    private readonly BatchAnswer<FaultDisputeGame.ClockExtensionResult> _clockExtension;
    private readonly BatchAnswer<FaultDisputeGame.AbsolutePrestateResult> _prestate;
    private readonly BatchAnswer<FaultDisputeGame.ClaimDataLenResult> _claimCount;
    private readonly BatchAnswer<FaultDisputeGame.StatusResult> _status;
    private readonly BatchAnswer<FaultDisputeGame.StartingRootHashResult> _startingRoot;
    private readonly BatchAnswer<FaultDisputeGame.StartingBlockNumberResult> _startingBlock;
    private readonly BatchAnswer<FaultDisputeGame.L2BlockNumberResult> _claimedBlock;
    private readonly BatchAnswer<FaultDisputeGame.L1HeadResult> _l1Head;
    private readonly BatchAnswer<FaultDisputeGame.L2BlockNumberChallengedResult> _isNumberChallenged;
    private readonly BatchAnswer<FaultDisputeGame.L2BlockNumberChallengerResult> _numberChallenger;
    private readonly BatchAnswer<FaultDisputeGame.L2ChainIdResult> _l2ChainId;

    /// <summary>Prepares the questions.</summary>
    internal ClassicGameReader(Contract game, Block block)
    {
        _game = game;
        _block = block;
        _facts = NewBatch();
        _maxDepth = _facts.Add(game, new FaultDisputeGame.MaxGameDepthFunction());
        _splitDepth = _facts.Add(game, new FaultDisputeGame.SplitDepthFunction());
        _maxClock = _facts.Add(game, new FaultDisputeGame.MaxClockDurationFunction());
        _clockExtension = _facts.Add(game, new FaultDisputeGame.ClockExtensionFunction());
        _prestate = _facts.Add(game, new FaultDisputeGame.AbsolutePrestateFunction());
        _claimCount = _facts.Add(game, new FaultDisputeGame.ClaimDataLenFunction());
        _status = _facts.Add(game, new FaultDisputeGame.StatusFunction());
        _startingRoot = _facts.Add(game, new FaultDisputeGame.StartingRootHashFunction());
        _startingBlock = _facts.Add(game, new FaultDisputeGame.StartingBlockNumberFunction());
        _claimedBlock = _facts.Add(game, new FaultDisputeGame.L2BlockNumberFunction());
        _l1Head = _facts.Add(game, new FaultDisputeGame.L1HeadFunction());
        _isNumberChallenged = _facts.Add(game, new FaultDisputeGame.L2BlockNumberChallengedFunction());
        _numberChallenger = _facts.Add(game, new FaultDisputeGame.L2BlockNumberChallengerFunction());
        _l2ChainId = _facts.Add(game, new FaultDisputeGame.L2ChainIdFunction());
    }

    /// <summary>Asks them, and then for bonds and claims.</summary>
    internal async Task<Game> ReadAsync(CancellationToken cancellation)
    {
        await _facts.SendAsync(cancellation).ConfigureAwait(false);
        int depth = (int)Small(_maxDepth.Require().MaxGameDepth, Position.DepthMax);
        GameRules rules = new()
        {
            MaxDepth = depth,
            SplitDepth = (int)Small(_splitDepth.Require().SplitDepth, Position.DepthMax),
            MaxClockSeconds = _maxClock.Require().MaxClockDuration,
            ClockExtensionSeconds = _clockExtension.Require().ClockExtension,
            AbsolutePrestate = _prestate.Require().AbsolutePrestate,
            CountsPastClaimedBlock = true,
            Bonds = await ReadBondsAsync(depth, cancellation).ConfigureAwait(false),
        };
        int count = (int)Small(_claimCount.Require().Len, GameReader.ClaimsMax);
        Claim[] claims = await ReadClaimsAsync(count, cancellation).ConfigureAwait(false);
        return new Game(rules, claims)
        {
            Address = _game.Address,
            Status = _status.Require().Value,
            TimestampSeconds = _block.Timestamp,
            StartingRoot = _startingRoot.Require().StartingRootHash,
            StartingBlock = Small(_startingBlock.Require().StartingBlockNumber, ulong.MaxValue),

            // Anyone may claim any number. One that no chain reaches must not hide the game from its
            // challengers.
            ClaimedBlock = (ulong)BigInteger.Min(_claimedBlock.Require().L2BlockNumber, ulong.MaxValue),
            L1Head = _l1Head.Require().L1Head,
            L2ChainId = Small(_l2ChainId.Require().L2ChainId, ulong.MaxValue),
            BlockNumberChallenger = _isNumberChallenged.Require().Value
                ? _numberChallenger.Require().Value
                : null,
        };
    }

    private async Task<BigInteger[]> ReadBondsAsync(int maxDepth, CancellationToken cancellation)
    {
        CallBatch batch = NewBatch();
        BatchAnswer<FaultDisputeGame.GetRequiredBondResult>[] bonds =
        [
            .. Enumerable.Range(0, maxDepth + 1).Select(depth => batch.Add(
                _game, new FaultDisputeGame.GetRequiredBondFunction { Position = FirstAt(depth) })),
        ];
        await batch.SendAsync(cancellation).ConfigureAwait(false);
        return [.. bonds.Select(bond => bond.Require().RequiredBond)];
    }

    private async Task<Claim[]> ReadClaimsAsync(int count, CancellationToken cancellation)
    {
        CallBatch batch = NewBatch();
        BatchAnswer<FaultDisputeGame.ClaimDataResult>[] claims =
        [
            .. Enumerable.Range(0, count).Select(index =>
                batch.Add(_game, new FaultDisputeGame.ClaimDataFunction { Value = index })),
        ];
        BatchAnswer<FaultDisputeGame.ResolvedSubgamesResult>[] areResolved =
        [
            .. Enumerable.Range(0, count).Select(index =>
                batch.Add(_game, new FaultDisputeGame.ResolvedSubgamesFunction { Value = index })),
        ];
        await batch.SendAsync(cancellation).ConfigureAwait(false);
        return
        [
            .. claims.Select((claim, index) =>
                ClaimOf(index, claim.Require(), areResolved[index].Require().Value)),
        ];
    }

    private static Claim ClaimOf(int index, FaultDisputeGame.ClaimDataResult claim, bool isResolved) => new()
    {
        Index = index,
        ParentIndex = claim.ParentIndex == uint.MaxValue
            ? null
            : (int)uint.Min(claim.ParentIndex, int.MaxValue),
        CounteredBy = claim.CounteredBy == default ? null : claim.CounteredBy,
        Claimant = claim.Claimant,
        Bond = claim.Bond,
        Value = claim.Claim,
        Position = claim.Position,
        Clock = new GameClock((ulong)(claim.Clock >> 64), (ulong)(claim.Clock & ulong.MaxValue)),
        IsResolved = isResolved,
    };

    private CallBatch NewBatch() => new(_game.Node, BlockReference.Hash(_block.Hash));

    private static Position FirstAt(int depth) => new(UInt128.One << depth);

    private static ulong Small(BigInteger value, ulong most) => value <= most
        ? (ulong)value
        : throw new ChainException(ChainFailure.BadAnswer, $"{value} is out of the bounds of a game.");
}
