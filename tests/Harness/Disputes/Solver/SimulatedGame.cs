using System.Numerics;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Values;

namespace Culverin.Harness.Tests.Disputes.Solver;

/// <summary>
/// The contract's rules, condition by condition and in its order, on plain lists: a second reading of the
/// contract, which does not use what the solver uses. A call that would revert gives the error's name.
/// </summary>
internal sealed class SimulatedGame
{
    private readonly ToyWorld _world;
    private readonly GameRules _rules;
    private readonly List<Claim> _claims = [];
    private readonly Dictionary<Address, BigInteger> _credits = [];

    internal SimulatedGame(ToyWorld world, GameRules rules, Bytes32 root, Address proposer)
    {
        _world = world;
        _rules = rules;
        Add(null, Position.Root, root, proposer, 0);
    }

    internal ulong Now { get; set; } = 1_000;

    internal ulong ClaimedBlock { get; init; }

    internal IReadOnlyList<Claim> Claims => _claims;

    internal GameStatus Status { get; private set; }

    internal IReadOnlyDictionary<Address, BigInteger> Credits => _credits;

    internal Game Snapshot() => new(_rules, [.. _claims])
    {
        Status = Status,
        TimestampSeconds = Now,
        StartingBlock = ToyWorld.StartingBlock,
        StartingRoot = ToyWorld.Output(ToyWorld.StartingBlock),
        ClaimedBlock = ClaimedBlock,
    };

    internal string? Move(int against, Bytes32 value, bool isAttack, Address sender, BigInteger bond)
    {
        Claim parent = _claims[against];
        UInt128 next = (parent.Position.GeneralizedIndex | (isAttack ? 0u : 1u)) << 1;
        int depth = DepthOf(next);
        if ((against == 0 || depth == _rules.SplitDepth + 2) && !isAttack)
        {
            return "CannotDefendRootClaim";
        }

        if (depth > _rules.MaxDepth)
        {
            return "GameDepthExceeded";
        }

        if (depth == _rules.SplitDepth + 1 && !IsExecutionRootFit(value, against, isAttack))
        {
            return "UnexpectedRootClaim";
        }

        if (_rules.Bonds[depth] != bond)
        {
            return "IncorrectBondAmount";
        }

        ulong used = ChallengerSeconds(against);
        if (used == _rules.MaxClockSeconds)
        {
            return "ClockTimeExceeded";
        }

        ulong extension = _rules.ClockExtensionSeconds * (depth == _rules.SplitDepth - 1 ? 2u : 1u);
        if (used > _rules.MaxClockSeconds - _rules.ClockExtensionSeconds)
        {
            used = _rules.MaxClockSeconds - extension;
        }

        Position position = new(next);
        if (_claims.Any(each =>
            each.ParentIndex == against && each.Position == position && each.Value == value))
        {
            return "ClaimAlreadyExists";
        }

        Add(against, position, value, sender, used);
        return null;
    }

    internal string? Step(int against, bool isAttack, ReadOnlySpan<byte> state, Address sender)
    {
        Claim parent = _claims[against];
        UInt128 position = parent.Position.GeneralizedIndex;
        UInt128 next = (position | (isAttack ? 0u : 1u)) << 1;
        if (DepthOf(next) != _rules.MaxDepth + 1)
        {
            return "InvalidParent";
        }

        UInt128 span = UInt128.One << (_rules.MaxDepth - _rules.SplitDepth);
        bool isFirst = (next - (UInt128.One << (_rules.MaxDepth + 1))) % span == 0;
        Bytes32 before = !isAttack ? parent.Value
            : isFirst ? _rules.AbsolutePrestate
            : Ancestor(position - 1, parent.ParentIndex!.Value, isGlobal: false).Value;
        Claim after =
            isAttack ? parent : Ancestor(position + 1, parent.ParentIndex!.Value, isGlobal: false);
        if (!Bytes32.Keccak256(state).ToArray().AsSpan(1).SequenceEqual(before.ToArray().AsSpan(1)))
        {
            return "InvalidPrestate";
        }

        bool isValid = _world.Step(state, DisputeAround(against)) == after.Value;
        bool agrees = (parent.Position.Depth - after.Position.Depth) % 2 == 0;
        if (agrees == isValid)
        {
            return "ValidStep";
        }

        if (parent.CounteredBy is not null)
        {
            return "DuplicateStep";
        }

        _claims[against] = parent with { CounteredBy = sender };
        return null;
    }

    /// <summary>Resolves every claim from the last to the first, then the game.</summary>
    internal void Resolve()
    {
        for (int index = _claims.Count - 1; index >= 0; index--)
        {
            Claim claim = _claims[index];
            Claim[] answers = [.. _claims.Where(each => each.ParentIndex == index)];
            Address? counteredBy = claim.CounteredBy;
            if (answers.Length > 0 || index == 0)
            {
                counteredBy = null;
                UInt128 leftmost = UInt128.MaxValue;
                foreach (Claim answer in answers)
                {
                    if (answer.CounteredBy is null && leftmost > answer.Position.GeneralizedIndex)
                    {
                        counteredBy = answer.Claimant;
                        leftmost = answer.Position.GeneralizedIndex;
                    }
                }
            }

            Address winner = counteredBy ?? claim.Claimant;
            _credits[winner] = _credits.GetValueOrDefault(winner) + claim.Bond;
            _claims[index] = claim with { CounteredBy = counteredBy, IsResolved = true };
        }

        Status = _claims[0].CounteredBy is null ? GameStatus.DefenderWins : GameStatus.ChallengerWins;
    }

    /// <summary>What a claim below the split argues about, found as the contract does.</summary>
    internal OutputDispute DisputeAround(int index)
    {
        Claim execution = _claims[index];
        Claim output = execution;
        while (output.Position.Depth > _rules.SplitDepth)
        {
            execution = output;
            output = _claims[output.ParentIndex!.Value];
        }

        bool wasAttack =
            execution.Position.GeneralizedIndex >> 1 == output.Position.GeneralizedIndex;
        return DisputeBelow(output, wasAttack);
    }

    internal OutputDispute DisputeBelow(Claim output, bool isAttack)
    {
        UInt128 position = output.Position.GeneralizedIndex;
        if (!isAttack)
        {
            Claim later = Ancestor(position + 1, output.Index, isGlobal: true);
            return new OutputDispute(output.Value, output.Position, later.Value, later.Position);
        }

        if (position == UInt128.One << _rules.SplitDepth)
        {
            return new OutputDispute(
                ToyWorld.Output(ToyWorld.StartingBlock), null, output.Value, output.Position);
        }

        Claim starting = Ancestor(position - 1, output.Index, isGlobal: true);
        return new OutputDispute(starting.Value, starting.Position, output.Value, output.Position);
    }

    private static int DepthOf(UInt128 position) => 127 - (int)UInt128.LeadingZeroCount(position);

    private bool IsExecutionRootFit(Bytes32 value, int against, bool isAttack)
    {
        UInt128 leaf = _claims[against].Position.GeneralizedIndex + 1;
        bool isRefutation = isAttack
            || Ancestor(leaf, against, isGlobal: true).Position.Depth % 2 == _rules.SplitDepth % 2;
        return isRefutation ? value.FirstByte is 1 or 2 : value.FirstByte == 0;
    }

    private ulong ChallengerSeconds(int index)
    {
        Claim claim = _claims[index];
        ulong used = claim.ParentIndex is { } parent ? _claims[parent].Clock.DurationSeconds : 0;
        return ulong.Min(_rules.MaxClockSeconds, used + Now - claim.Clock.TimestampSeconds);
    }

    private Claim Ancestor(UInt128 position, int from, bool isGlobal)
    {
        while (position % 2 == 1 && position > 1)
        {
            position >>= 1;
        }

        Assert(isGlobal || DepthOf(position) > _rules.SplitDepth);
        Claim claim = _claims[from];
        while (claim.Position.GeneralizedIndex != position)
        {
            claim = _claims[claim.ParentIndex!.Value];
        }

        return claim;
    }

    // The contract's other case, an ancestor above the split, needs a claim at an odd position.
    private static void Assert(bool condition) => Xunit.Assert.True(condition);

    private void Add(int? parent, Position position, Bytes32 value, Address sender, ulong used) =>
        _claims.Add(new Claim
        {
            Index = _claims.Count,
            ParentIndex = parent,
            Position = position,
            Value = value,
            Claimant = sender,
            Bond = _rules.Bonds[position.Depth],
            Clock = new GameClock(used, Now),
        });
}
