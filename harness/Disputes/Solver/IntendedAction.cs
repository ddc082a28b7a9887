using System.Numerics;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Traces.Outputs;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Solver;

/// <summary>Something that the honest side should do in a game.</summary>
/// <param name="Against">The claim that it counters.</param>
/// <param name="IsAttack">Whether it says that the claim is wrong, rather than what follows it.</param>
/// <param name="Reason">Why, in one sentence for a person.</param>
public abstract record IntendedAction(Claim Against, bool IsAttack, string Reason)
{
    /// <summary>The bond in wei that it puts at stake; gas is not in it.</summary>
    public abstract BigInteger Cost { get; }
}

/// <summary>A counter-claim.</summary>
/// <param name="Against">The claim that it counters.</param>
/// <param name="IsAttack">Whether it says that the claim is wrong, rather than what follows it.</param>
/// <param name="Value">What it claims.</param>
/// <param name="Bond">The bond in wei.</param>
/// <param name="Reason">Why, in one sentence for a person.</param>
public sealed record IntendedMove(
    Claim Against, bool IsAttack, Bytes32 Value, BigInteger Bond, string Reason)
    : IntendedAction(Against, IsAttack, Reason)
{
    /// <inheritdoc/>
    public override BigInteger Cost => Bond;

    /// <summary>Where the new claim will be.</summary>
    public Position Position => Against.Position.Move(IsAttack);
}

/// <summary>A step of the virtual machine that refutes a claim at the greatest depth.</summary>
/// <param name="Against">The claim that it counters.</param>
/// <param name="IsAttack">Whether the step leads to the claim's state, rather than on from it.</param>
/// <param name="Data">What the contract needs.</param>
/// <param name="Reason">Why, in one sentence for a person.</param>
public sealed record IntendedStep(Claim Against, bool IsAttack, StepData Data, string Reason)
    : IntendedAction(Against, IsAttack, Reason)
{
    /// <inheritdoc/>
    public override BigInteger Cost => 0;
}

/// <summary>
/// Shows that the root claim is the output after another block than the one it is claimed for.
/// </summary>
/// <param name="Against">The root claim.</param>
/// <param name="Evidence">Which block it is the output of.</param>
/// <param name="Reason">Why, in one sentence for a person.</param>
public sealed record IntendedBlockChallenge(Claim Against, OutputEvidence Evidence, string Reason)
    : IntendedAction(Against, true, Reason)
{
    /// <inheritdoc/>
    public override BigInteger Cost => 0;
}
