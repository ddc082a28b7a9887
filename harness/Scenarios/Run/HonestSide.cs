namespace Culverin.Harness.Scenarios.Run;

/// <summary>Which side of a dispute is the honest one.</summary>
public enum HonestSide
{
    /// <summary>The proposal is wrong, and the honest side refutes it.</summary>
    Challenger = 1,

    /// <summary>The proposal is right, and the honest side defends it.</summary>
    Proposer = 2,
}
