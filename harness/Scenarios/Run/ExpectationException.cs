namespace Culverin.Harness.Scenarios.Run;

/// <summary>Something in a scenario is not as it must be.</summary>
public sealed class ExpectationException : Exception
{
    /// <summary>Names what was looked at, what it had to be and what it is.</summary>
    public ExpectationException(string what, string expected, string got)
        : base($"{what}: expected {expected}, got {got}.")
    {
        What = what;
        Expected = expected;
        Got = got;
    }

    /// <summary>What was looked at.</summary>
    public string What { get; }

    /// <summary>What it had to be.</summary>
    public string Expected { get; }

    /// <summary>What it is.</summary>
    public string Got { get; }
}
