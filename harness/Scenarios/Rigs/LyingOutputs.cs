using System.Buffers.Binary;
using Culverin.Harness.Disputes.Traces.Outputs;
using Culverin.Harness.Values;

namespace Culverin.Harness.Scenarios.Rigs;

/// <summary>Right output roots up to a block, and from there on made-up ones.</summary>
/// <param name="truth">The right ones.</param>
/// <param name="firstLie">The first block whose output is made up.</param>
/// <param name="root">What is said about the claimed block; null for something made up.</param>
public sealed class LyingOutputs(
    IOutputSource truth, ulong firstLie, (ulong Claimed, Bytes32 Root)? root = null) : IOutputSource
{
    /// <summary>What is claimed for a block instead of its output.</summary>
    public static Bytes32 LieAbout(ulong block)
    {
        byte[] number = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(number, block);
        return Bytes32.Keccak256(number);
    }

    /// <inheritdoc/>
    public Task<Bytes32> OutputAtAsync(ulong block, CancellationToken cancellation = default) =>
        block < firstLie ? truth.OutputAtAsync(block, cancellation)
        : Task.FromResult(root is { } known && block == known.Claimed ? known.Root : LieAbout(block));

    /// <inheritdoc/>
    public async Task<ulong> LastBlockAsync(Bytes32 l1Head, CancellationToken cancellation = default) =>
        ulong.Max(
            await truth.LastBlockAsync(l1Head, cancellation).ConfigureAwait(false), root?.Claimed ?? 0);
}
