using System.Buffers.Binary;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Chain;
using Culverin.Harness.Disputes;

namespace Culverin.Harness.Scenarios;

/// <summary>Right output roots up to a block, and from there on made-up ones.</summary>
/// <param name="truth">The right ones.</param>
/// <param name="firstLie">The first block whose output is made up.</param>
public sealed class LyingOutputs(IOutputSource truth, ulong firstLie) : IOutputSource
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
        block < firstLie ? truth.OutputAtAsync(block, cancellation) : Task.FromResult(LieAbout(block));

    /// <inheritdoc/>
    public Task<ulong> LastBlockAsync(Bytes32 l1Head, CancellationToken cancellation = default) =>
        truth.LastBlockAsync(l1Head, cancellation);
}
