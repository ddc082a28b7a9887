namespace Culverin.Harness.Scenarios.Run;

/// <summary>
/// Whether the greatest depth of a game is odd or even: that decides whose claims are at the bottom, and
/// so who must step.
/// </summary>
public enum DepthParity
{
    /// <summary>As in production: the honest proposer steps.</summary>
    Odd = 1,

    /// <summary>The honest challenger steps.</summary>
    Even = 2,
}
