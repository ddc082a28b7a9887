namespace Culverin.Harness.Disputes.Solver;

/// <summary>What is known about a claim. Only a proven <see cref="Invalid"/> may ever cost money.</summary>
public enum Validity
{
    /// <summary>Not known now; asking again later may help.</summary>
    Unknown = 0,

    /// <summary>The claim is right.</summary>
    Valid = 1,

    /// <summary>The claim is wrong.</summary>
    Invalid = 2,
}
