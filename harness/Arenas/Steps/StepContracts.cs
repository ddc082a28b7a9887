using Culverin.Harness.Arenas.Oracle;
using Culverin.Harness.Values;

namespace Culverin.Harness.Arenas.Steps;

/// <summary>The contracts that judge a step: where they are on their chain.</summary>
/// <param name="Mips">The contract that executes steps.</param>
/// <param name="Oracle">The pre-image oracle that it asks.</param>
/// <param name="Generation">How the oracle is called.</param>
internal sealed record StepContracts(Address Mips, Address Oracle, OracleGeneration Generation);
