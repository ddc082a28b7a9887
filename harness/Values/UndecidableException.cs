namespace Culverin.Harness.Values;

/// <summary>
/// There is no right answer to what was asked, and asking again will not help: such as the run of a dispute
/// that starts from a wrong output, or what is left of a tree's left edge. Every other failure to know is a
/// node's, a file's or this program's.
/// </summary>
public sealed class UndecidableException(string message) : ChainException(ChainFailure.BadAnswer, message);
