using Culverin.Harness.Chain;
using Culverin.Harness.Rollup;

namespace Culverin.Harness.Disputes;

/// <summary>Shows which L2 block an output root is about.</summary>
/// <param name="Output">The output's parts.</param>
/// <param name="Header">The block's header, which hashes to the block hash among the parts.</param>
public sealed record OutputEvidence(OutputRoot Output, BlockHeader Header);
