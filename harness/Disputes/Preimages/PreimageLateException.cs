using Culverin.Harness.Values;


namespace Culverin.Harness.Disputes.Preimages;

/// <summary>A pre-image cannot get into the oracle before the step that reads it is of no use.</summary>
public sealed class PreimageLateException(string message) : ChainException(ChainFailure.Deadline, message);
