using Culverin.Harness.Rollup;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Traces.Outputs;

/// <summary>Shows which L2 block an output root is about.</summary>
/// <param name="Output">The output's parts.</param>
/// <param name="Header">The block's header, which hashes to the block hash among the parts.</param>
public sealed record OutputEvidence(OutputRoot Output, BlockHeader Header);
