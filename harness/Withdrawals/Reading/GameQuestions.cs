using Culverin.Harness.Contracts;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Status;

namespace Culverin.Harness.Withdrawals.Reading;

/// <summary>What is asked of one game and about it, by the rules of the portal.</summary>
internal sealed class GameQuestions
{
    private readonly Address _address;
    private readonly PortalRules _rules;
    private readonly BatchAnswer<FaultDisputeGame.GameTypeResult> _type;
    private readonly BatchAnswer<FaultDisputeGame.StatusResult> _status;
    private readonly BatchAnswer<FaultDisputeGame.CreatedAtResult> _createdAt;
    private readonly BatchAnswer<FaultDisputeGame.ResolvedAtResult> _resolvedAt;
    private readonly BatchAnswer<FaultDisputeGame.RootClaimResult> _rootClaim;
    private readonly BatchAnswer<FaultDisputeGame.L2BlockNumberResult> _blockNumber;
    private readonly BatchAnswer<OptimismPortal2.DisputeGameBlacklistResult>? _blacklistedByPortal;
    private readonly BatchAnswer<DisputeGames.WasRespectedGameTypeWhenCreatedResult>? _wasRespected;
    private readonly BatchAnswer<ModernAnchorStateRegistry.IsGameBlacklistedResult>? _isBlacklisted;
    private readonly BatchAnswer<ModernAnchorStateRegistry.IsGameRespectedResult>? _isRespected;
    private readonly BatchAnswer<ModernAnchorStateRegistry.IsGameRetiredResult>? _isRetired;
    private readonly BatchAnswer<ModernAnchorStateRegistry.IsGameRegisteredResult>? _isRegistered;

    /// <summary>Adds the questions to a batch.</summary>
    public GameQuestions(
        CallBatch batch, WithdrawalContracts contracts, PortalFacts portal, Address address)
    {
        _address = address;
        _rules = portal.Rules;
        Contract game = contracts.Game.At(address);
        _type = batch.Add(game, new FaultDisputeGame.GameTypeFunction());
        _status = batch.Add(game, new FaultDisputeGame.StatusFunction());
        _createdAt = batch.Add(game, new FaultDisputeGame.CreatedAtFunction());
        _resolvedAt = batch.Add(game, new FaultDisputeGame.ResolvedAtFunction());
        _rootClaim = batch.Add(game, new FaultDisputeGame.RootClaimFunction());
        _blockNumber = batch.Add(game, new FaultDisputeGame.L2BlockNumberFunction());
        if (portal.Registry is { } named)
        {
            Contract registry = contracts.Registry.At(named);
            _isBlacklisted = batch.Add(
                registry, new ModernAnchorStateRegistry.IsGameBlacklistedFunction { Game = address });
            _isRespected = batch.Add(
                registry, new ModernAnchorStateRegistry.IsGameRespectedFunction { Game = address });
            _isRetired = batch.Add(
                registry, new ModernAnchorStateRegistry.IsGameRetiredFunction { Game = address });
            _isRegistered = batch.Add(
                registry, new ModernAnchorStateRegistry.IsGameRegisteredFunction { Game = address });
            return;
        }

        _blacklistedByPortal = batch.Add(
            contracts.Portal, new OptimismPortal2.DisputeGameBlacklistFunction { Value = address });
        if (portal.Rules == PortalRules.RespectedAtCreation)
        {
            _wasRespected =
                batch.Add(game, new DisputeGames.WasRespectedGameTypeWhenCreatedFunction());
        }
    }

    private bool? Blacklisted => _blacklistedByPortal?.Result?.Value ?? _isBlacklisted?.Result?.Value;

    /// <summary>
    /// The answers, once the batch is sent; null for what answers otherwise than a game does. A game that
    /// cannot tell whether its type was respected is one from before that was kept, or no game of this
    /// registry.
    /// </summary>
    public GameFacts? Read()
    {
        if (_type.Result is not { } type
            || _status.Result is not { } status
            || _createdAt.Result is not { } createdAt
            || _resolvedAt.Result is not { } resolvedAt
            || _rootClaim.Result is not { } rootClaim
            || _blockNumber.Result is not { } blockNumber
            || Blacklisted is not { } isBlacklisted)
        {
            return null;
        }

        GameFacts game = new()
        {
            Address = _address,
            Type = type.GameType,
            Status = status.Value,
            CreatedAt = BlockReader.Count(createdAt.Value),
            ResolvedAt = BlockReader.Count(resolvedAt.Value),
            RootClaim = rootClaim.RootClaim,
            BlockNumber = blockNumber.L2BlockNumber,
            IsBlacklisted = isBlacklisted,
        };
        return _rules switch
        {
            PortalRules.RespectedNow => game,
            PortalRules.RespectedAtCreation => game with
            {
                WasRespected = _wasRespected?.Result?.Value ?? false,
            },
            _ => game with
            {
                WasRespected = _isRespected?.Result?.Value ?? false,
                IsRetired = _isRetired?.Result?.Value ?? false,
                IsRegistered = _isRegistered?.Result?.Value ?? false,
            },
        };
    }
}
