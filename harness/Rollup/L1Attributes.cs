using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Culverin.Harness.Values;
using Culverin.Harness.Values.Transactions;

namespace Culverin.Harness.Rollup;

/// <summary>
/// What the first transaction of an L2 block tells it about L1 (source: OP Stack specification, L1
/// attributes deposited transaction, Ecotone).
/// </summary>
/// <param name="OriginNumber">Number of the L1 block that the L2 block belongs to.</param>
/// <param name="OriginHash">Its hash.</param>
/// <param name="SequenceNumber">How many L2 blocks of this origin came before.</param>
/// <param name="Batcher">The account that posts batches.</param>
public sealed record L1Attributes(
    ulong OriginNumber, Bytes32 OriginHash, ulong SequenceNumber, Address Batcher)
{
    private const ulong GasLimit = 1_000_000;

    // Places in the packed call: selector 4, two fee scalars 4 each, sequence number, time and number 8 each,
    // two base fees 32 each, hash 32, batcher 32.
    private const int SequencePlace = 12;
    private const int TimePlace = 20;
    private const int NumberPlace = 28;
    private const int BaseFeePlace = 36;
    private const int BlobBaseFeePlace = 68;
    private const int HashPlace = 100;
    private const int BatcherPlace = 132 + Bytes32.SizeBytes - Address.SizeBytes;
    private const int EndPlace = 164;

    private static readonly byte[] Selector =
        Bytes32.Keccak256(Encoding.ASCII.GetBytes("setL1BlockValuesEcotone()")).ToArray()[..4];

    /// <summary>The account that deposits the attributes; nobody has its key.</summary>
    public static Address Depositor { get; } = Address.Parse("0xdeaddeaddeaddeaddeaddeaddeaddeaddead0001");

    /// <summary>The L2 contract that keeps them.</summary>
    public static Address L1Block { get; } = Address.Parse("0x4200000000000000000000000000000000000015");

    /// <summary>
    /// The deposit for an L2 block of this origin. Fee scalars are zero: users pay L2 gas only, and no fee
    /// for data on L1.
    /// </summary>
    public static DepositTransaction Deposit(BlockHeader origin, ulong sequenceNumber, Address batcher)
    {
        byte[] data = new byte[EndPlace];
        Selector.CopyTo(data, 0);
        BinaryPrimitives.WriteUInt64BigEndian(data.AsSpan(SequencePlace), sequenceNumber);
        BinaryPrimitives.WriteUInt64BigEndian(data.AsSpan(TimePlace), origin.Timestamp);
        BinaryPrimitives.WriteUInt64BigEndian(data.AsSpan(NumberPlace), origin.Number);
        Bytes32.FromInteger(origin.BaseFeePerGas).CopyTo(data.AsSpan(BaseFeePlace));
        Bytes32.FromInteger(BigInteger.One).CopyTo(data.AsSpan(BlobBaseFeePlace));
        origin.Hash.CopyTo(data.AsSpan(HashPlace));
        batcher.CopyTo(data.AsSpan(BatcherPlace));
        return new DepositTransaction
        {
            SourceHash = DepositSource.OfAttributes(origin.Hash, sequenceNumber),
            From = Depositor,
            To = L1Block,
            GasLimit = GasLimit,
            Data = data,
        };
    }

    /// <summary>Reads the deposit back; null when the transaction is another.</summary>
    public static L1Attributes? TryRead(Transaction transaction)
    {
        ReadOnlySpan<byte> data = transaction.Data.Span;
        return transaction is DepositTransaction deposit
            && deposit.From == Depositor
            && deposit.To == L1Block
            && data.Length == EndPlace
            && data.StartsWith(Selector)
                ? new L1Attributes(
                    BinaryPrimitives.ReadUInt64BigEndian(data[NumberPlace..]),
                    new Bytes32(data.Slice(HashPlace, Bytes32.SizeBytes)),
                    BinaryPrimitives.ReadUInt64BigEndian(data[SequencePlace..]),
                    new Address(data.Slice(BatcherPlace, Address.SizeBytes)))
                : null;
    }
}
