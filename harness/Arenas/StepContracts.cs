using Culverin.Harness.Chain;

namespace Culverin.Harness.Arenas;

/// <summary>The contracts that judge a step: where they are on their chain, and how to call them.</summary>
/// <param name="Mips">The contract that executes steps.</param>
/// <param name="MipsAbi">Its functions and errors; <c>step</c> is among them.</param>
/// <param name="Oracle">The pre-image oracle that it asks.</param>
/// <param name="OracleAbi">The oracle's functions and errors.</param>
internal sealed record StepContracts(
    Address Mips, ContractAbi MipsAbi, Address Oracle, ContractAbi OracleAbi);
