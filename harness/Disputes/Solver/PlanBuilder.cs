using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Disputes.Traces.Outputs;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Solver;

/// <summary>Makes one plan for one game.</summary>
internal sealed class PlanBuilder
{
    // Status bytes with which a run ends: the claim is right, it is wrong, the program failed.
    private const byte ValidStatus = 0;
    private const byte InvalidStatus = 1;
    private const byte PanicStatus = 2;

    private readonly Game _game;
    private readonly GameTrace _trace;
    private readonly Address _self;
    private readonly HonestClaims _honest = new();
    private readonly Dictionary<int, Judgement> _judgements = [];
    private readonly List<IntendedAction> _actions = [];
    private readonly List<Abstention> _abstentions = [];
    private readonly List<string> _failures = [];
    private bool _isRootUndefendable;

    internal PlanBuilder(Game game, GameTrace trace, Address self)
    {
        _game = game;
        _trace = trace;
        _self = self;
    }

    internal async Task<GamePlan> BuildAsync(CancellationToken cancellation)
    {
        Judgement root = await JudgeRootAsync(cancellation).ConfigureAwait(false);
        if (_game.Status == GameStatus.InProgress)
        {
            // Once it is shown to be about another block, the root claim needs no other answer.
            foreach (Claim claim in _game.Claims.Skip(_actions.Count))
            {
                await ConsiderAsync(claim, cancellation).ConfigureAwait(false);
            }
        }

        return new GamePlan(root, _actions, _abstentions, [.. _failures.Distinct()]);
    }

    // A root claim says two things: an output, which is right or wrong at its position, and a block.
    private async Task<Judgement> JudgeRootAsync(CancellationToken cancellation)
    {
        Judgement judgement = await JudgeAsync(_game.Root, cancellation).ConfigureAwait(false);
        try
        {
            if (judgement.Validity != Validity.Unknown)
            {
                Bytes32? proposed = await _trace.FindProposedOutputAsync(cancellation).ConfigureAwait(false);
                bool isAboutBlock = _game.Root.Value == proposed;
                judgement = (judgement.Validity, isAboutBlock) switch
                {
                    (Validity.Valid, true) => judgement,
                    (Validity.Valid, false) =>
                        await RefuteBlockAsync(proposed, cancellation).ConfigureAwait(false),
                    (_, true) => AcceptUndefendable(judgement),
                    _ => judgement,
                };
            }
        }
        catch (CulverinException error) when (error.Code != ErrorCode.Cancelled)
        {
            NoteFailure(error);
            judgement = new Judgement(
                Validity.Unknown, null, $"Whether the root claim is right is not known: {error.Message}");
        }

        if (judgement.Validity == Validity.Valid)
        {
            _honest.AddRoot(_game.Root);
        }

        _judgements[_game.Root.Index] = judgement;
        return judgement;
    }

    private async Task<Judgement> RefuteBlockAsync(Bytes32? proposed, CancellationToken cancellation)
    {
        OutputEvidence evidence = await _trace
            .EvidenceAsync(_game, _game.Root, cancellation)
            .ConfigureAwait(false);
        string reason = $"Claim 0 is the output after block {evidence.Header.Number}, but claimed for block "
            + $"{_game.ClaimedBlock}.";
        if (_game is { Status: GameStatus.InProgress, BlockNumberChallenger: null, Root.IsResolved: false })
        {
            _actions.Add(new IntendedBlockChallenge(_game.Root, evidence, reason));
        }

        return new Judgement(Validity.Invalid, proposed, reason);
    }

    // Attacks on it that are wrong themselves can be beaten; whoever attacks it rightly, by this contract's
    // count, cannot, and to attack it would be to take part in that.
    private Judgement AcceptUndefendable(Judgement judgement)
    {
        _honest.AddRoot(_game.Root);
        _isRootUndefendable = true;
        return judgement with
        {
            Validity = Validity.Unknown,
            Reason = $"Claim 0 is the right output after block {_game.ClaimedBlock}, but L1 held data of "
                + "later blocks when the game was created, and there the contract asks about a later one: "
                + $"it takes {judgement.Right} as right.",
        };
    }

    private async Task ConsiderAsync(Claim claim, CancellationToken cancellation)
    {
        if (!_honest.MustCounter(_game, claim))
        {
            return;
        }

        try
        {
            string? refusal = await TryCounterAsync(claim, cancellation).ConfigureAwait(false);
            if (refusal is not null)
            {
                _abstentions.Add(new Abstention(claim, refusal));
            }
        }
        catch (CulverinException error) when (error.Code != ErrorCode.Cancelled)
        {
            NoteFailure(error);
            _abstentions.Add(new Abstention(claim, $"The right answer is not known: {error.Message}"));
        }
    }

    // Gives the reason when the claim is left alone.
    private async Task<string?> TryCounterAsync(Claim claim, CancellationToken cancellation)
    {
        Judgement judgement = await JudgeAsync(claim, cancellation).ConfigureAwait(false);
        if (judgement.Validity == Validity.Unknown)
        {
            return judgement.Reason;
        }

        if (claim.Claimant == _self)
        {
            return "It is our own, though it is not what we would claim now.";
        }

        bool isAttack = judgement.Validity == Validity.Invalid;
        if (!isAttack && _isRootUndefendable && claim.ParentIndex == _game.Root.Index)
        {
            return $"{judgement.Reason} The root claim cannot be defended against it.";
        }

        return await FindPoisonAsync(claim, isAttack, cancellation).ConfigureAwait(false)
            ?? (claim.Position.Depth == _game.Rules.MaxDepth
                ? await TryStepAsync(claim, isAttack, judgement, cancellation).ConfigureAwait(false)
                : await TryMoveAsync(claim, isAttack, judgement, cancellation).ConfigureAwait(false));
    }

    private async Task<string?> TryMoveAsync(
        Claim claim, bool isAttack, Judgement judgement, CancellationToken cancellation)
    {
        if (!isAttack && (claim.IsRoot || claim.Position.Depth == _game.Rules.SplitDepth + 1))
        {
            return "The contract lets nobody defend the first claim of a tree.";
        }

        Position position = claim.Position.Move(isAttack);
        Bytes32 value = await _trace
            .CounterValueAsync(_game, claim, isAttack, cancellation)
            .ConfigureAwait(false);
        if (position.Depth == _game.Rules.SplitDepth + 1 && !HasFittingStatus(claim, isAttack, value))
        {
            return $"The program ends with status {value.FirstByte}, which the contract does not take here.";
        }

        _honest.AddCounter(claim, position, value);
        if (_game.Find(claim, position, value) is not null)
        {
            return null;
        }

        if (_game.ChallengerSeconds(claim) >= _game.Rules.MaxClockSeconds)
        {
            return "The time to counter it is over.";
        }

        if (claim.IsRoot && _game.BlockNumberChallenger is not null)
        {
            return "It is refuted already, as it is about another block.";
        }

        _actions.Add(new IntendedMove(
            claim, isAttack, value, _game.Rules.Bonds[position.Depth], judgement.Reason));
        return null;
    }

    private async Task<string?> TryStepAsync(
        Claim claim, bool isAttack, Judgement judgement, CancellationToken cancellation)
    {
        if (claim.CounteredBy is not null)
        {
            return null;
        }

        Claim poststate = _game.PoststateOf(claim, isAttack);
        Judgement after = await JudgeAsync(poststate, cancellation).ConfigureAwait(false);
        bool isSameSide = (claim.Position.Depth - poststate.Position.Depth) % 2 == 0;
        if (after.Validity != (isSameSide ? Validity.Invalid : Validity.Valid))
        {
            return $"A step would not refute it: {after.Reason}";
        }

        StepData data = await _trace.StepAsync(_game, claim, isAttack, cancellation).ConfigureAwait(false);
        Bytes32 expected = _game.PrestateOf(claim, isAttack)?.Value ?? _game.Rules.AbsolutePrestate;
        Bytes32 prestate = Bytes32.Keccak256(data.Prestate.Span);
        if (!prestate.ToArray().AsSpan(1).SequenceEqual(expected.ToArray().AsSpan(1)))
        {
            return $"The step begins with state {prestate}, but the game has {expected} there.";
        }

        _actions.Add(new IntendedStep(claim, isAttack, data, judgement.Reason));
        return null;
    }

    // Whatever the answer to the claim takes as agreed must be right.
    private async Task<string?> FindPoisonAsync(Claim claim, bool isAttack, CancellationToken cancellation)
    {
        List<Claim?> agreed = [_game.PrestateOf(claim, isAttack)];
        if (!_game.IsOutput(claim))
        {
            (Claim leaf, bool isLeafAttacked) = _game.LeafAbove(claim);
            agreed.Add(_game.PrestateOf(leaf, isLeafAttacked));
        }

        foreach (Claim? before in agreed)
        {
            if (before is not null
                && await JudgeAsync(before, cancellation).ConfigureAwait(false) is var judgement
                && judgement.Validity != Validity.Valid)
            {
                return $"The answer would build on {before}, which is not known to be right.";
            }
        }

        return null;
    }

    private async Task<Judgement> JudgeAsync(Claim claim, CancellationToken cancellation)
    {
        if (!_judgements.TryGetValue(claim.Index, out Judgement? judgement))
        {
            judgement = await AskAsync(claim, cancellation).ConfigureAwait(false);
            _judgements.Add(claim.Index, judgement);
        }

        return judgement;
    }

    private async Task<Judgement> AskAsync(Claim claim, CancellationToken cancellation)
    {
        try
        {
            Bytes32 right = await _trace
                .RightValueAsync(_game, claim, cancellation)
                .ConfigureAwait(false);
            return right == claim.Value
                ? new Judgement(Validity.Valid, right, $"Claim {claim.Index} is right.")
                : new Judgement(
                    Validity.Invalid, right, $"Claim {claim.Index} says {claim.Value}; right is {right}.");
        }
        catch (CulverinException error) when (error.Code != ErrorCode.Cancelled)
        {
            NoteFailure(error);
            return new Judgement(
                Validity.Unknown,
                null,
                $"Whether claim {claim.Index} is right is not known: {error.Message}");
        }
    }

    private void NoteFailure(CulverinException error)
    {
        if (error is not UndecidableException)
        {
            _failures.Add(error.Message);
        }
    }

    private bool HasFittingStatus(Claim leaf, bool isAttack, Bytes32 value)
    {
        Position disputed = _game.DisputeBelow(leaf, isAttack).DisputedPosition;
        bool isRefutation = isAttack || (disputed.Depth - _game.Rules.SplitDepth) % 2 == 0;
        return isRefutation
            ? value.FirstByte is InvalidStatus or PanicStatus
            : value.FirstByte == ValidStatus;
    }
}
