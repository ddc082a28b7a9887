using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Values;

namespace Culverin.Harness.Tests.Disputes.Solver;

/// <summary>
/// Somebody dishonest who does anything that the contract lets him do: right and wrong values in right and
/// wrong places, states of the run at other steps, copies of what honest players do, and every step.
/// </summary>
internal sealed class Adversary(
    ToyWorld world, SimulatedGame game, GameRules rules, Address account, Random random)
{
    /// <summary>Tries one thing; what the contract refuses has no effect.</summary>
    internal void Act()
    {
        // Late claims more often than early ones, so that games get deep.
        int index = game.Claims.Count - 1 - (int)(game.Claims.Count * Math.Pow(random.NextDouble(), 2));
        Claim claim = game.Claims[index];
        bool isAttack = random.Next(2) == 0;
        if (claim.Position.Depth == rules.MaxDepth)
        {
            TryStep(claim, isAttack);
            TryStep(claim, !isAttack);
            return;
        }

        Position position = claim.Position.Move(isAttack);
        if (claim.IsRoot && !isAttack)
        {
            return;
        }

        Bytes32 value = position.Depth <= rules.SplitDepth
            ? OutputFor(position)
            : StateFor(claim, position, isAttack);
        _ = game.Move(index, value, isAttack, account, rules.Bonds[position.Depth]);
    }

    /// <summary>Tries every step against every claim at the greatest depth.</summary>
    internal void TryAllSteps()
    {
        foreach (Claim claim in game.Claims.Where(claim => claim.Position.Depth == rules.MaxDepth).ToArray())
        {
            TryStep(claim, true);
            TryStep(claim, false);
        }
    }

    private Bytes32 OutputFor(Position position) => random.Next(4) switch
    {
        0 => Garbage(),
        1 => ToyWorld.Output(ToyWorld.StartingBlock + (ulong)random.Next(1 << rules.SplitDepth)),
        _ => world.OutputAt(position),
    };

    private Bytes32 StateFor(Claim claim, Position position, bool isAttack)
    {
        OutputDispute dispute = claim.Position.Depth == rules.SplitDepth
            ? game.DisputeBelow(claim, isAttack)
            : game.DisputeAround(claim.Index);
        int choice = random.Next(4);
        if (choice > 1)
        {
            UInt128 leaf = position.RelativeTo(rules.SplitDepth + 1).TraceIndex(rules.ExecutionDepth);
            return world.StateAt(dispute, (ulong)leaf + 1);
        }

        Bytes32 other = choice == 0
            ? Garbage()
            : world.StateAt(dispute, (ulong)random.Next(1, 1 << rules.ExecutionDepth));
        return position.Depth == rules.SplitDepth + 1
            ? ToyWorld.WithStatus(other, (byte)random.Next(3))
            : other;
    }

    private void TryStep(Claim claim, bool isAttack)
    {
        // The state before the step, if anybody knows one with the hash that the game has there.
        foreach (Bytes32 hash in game.Claims.Select(each => each.Value).Append(rules.AbsolutePrestate))
        {
            if (world.FindWitness(hash) is { } witness
                && game.Step(claim.Index, isAttack, witness, account) is null)
            {
                return;
            }
        }
    }

    private Bytes32 Garbage()
    {
        byte[] value = new byte[Bytes32.SizeBytes];
        value[^1] = (byte)random.Next(3);
        return new Bytes32(value);
    }
}
