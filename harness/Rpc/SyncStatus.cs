namespace Culverin.Harness.Rpc;

/// <summary>How far the node of a rollup is (source: OP Stack specification, rollup node).</summary>
/// <param name="CurrentL1">The L1 block up to which it has read L1.</param>
/// <param name="HeadL1">L1's newest block as it knows it.</param>
/// <param name="Unsafe">The newest L2 block.</param>
/// <param name="UnsafeOrigin">The L1 block that it belongs to.</param>
/// <param name="Safe">The newest that follows from L1's data.</param>
/// <param name="Finalized">The newest that follows from finalized L1 blocks.</param>
public sealed record SyncStatus(
    BlockId CurrentL1,
    BlockId HeadL1,
    BlockId Unsafe,
    BlockId UnsafeOrigin,
    BlockId Safe,
    BlockId Finalized);
