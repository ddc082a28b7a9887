using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;
using Culverin.Harness.Values.Transactions;

namespace Culverin.Harness.Rollup;

/// <summary>
/// Makes L2 transactions of the portal's events on L1 (source: OP Stack specification, deposits).
/// </summary>
public static class DepositDerivation
{
    // An indexed sender, target and version; in the data one byte string: its offset, its length, its bytes.
    private const int TopicCount = 4;
    private const int DataStart = 2 * Bytes32.SizeBytes;

    // The byte string is packed: ether made 32, value 32, gas 8, whether it creates a contract 1, input.
    private const int ValuePlace = 32;
    private const int GasPlace = 64;
    private const int CreationPlace = 72;
    private const int InputPlace = 73;

    /// <summary>The topic of the portal's event.</summary>
    public static Bytes32 Topic { get; } = Bytes32.Keccak256(
        Encoding.ASCII.GetBytes("TransactionDeposited(address,address,uint256,bytes)"));

    /// <summary>
    /// The deposits of L1 blocks, first and last included, in their order. Throws <see
    /// cref="ChainException"/> when an event is malformed.
    /// </summary>
    public static async Task<IReadOnlyList<DepositTransaction>> ReadAsync(
        EthereumNode l1,
        Address portal,
        ulong firstBlock,
        ulong lastBlock,
        CancellationToken cancellation = default)
    {
        if (firstBlock > lastBlock)
        {
            return [];
        }

        LogFilter filter = new()
        {
            From = firstBlock,
            To = lastBlock,
            Addresses = [portal],
            Topics = [Topic],
        };
        IReadOnlyList<LogEntry> logs = await l1.GetLogsAsync(filter, cancellation).ConfigureAwait(false);
        return [.. logs.Select(Derive)];
    }

    /// <summary>
    /// The L2 transaction of one event; throws <see cref="ChainException"/> when it is malformed or of an
    /// unknown version.
    /// </summary>
    public static DepositTransaction Derive(LogEntry log)
    {
        if (log.Topics.Count != TopicCount || log.Topics[0] != Topic || log.Topics[3] != default)
        {
            throw new ChainException(
                ChainFailure.Abi, "A log entry is no deposit of the one version that there is.");
        }

        ReadOnlySpan<byte> data = log.Data.Span;
        BigInteger length = data.Length >= DataStart
            ? new Bytes32(data[Bytes32.SizeBytes..DataStart]).ToInteger()
            : BigInteger.Zero;
        if (length < InputPlace || length > data.Length - DataStart)
        {
            throw new ChainException(ChainFailure.Abi, "The data of a deposit's event are cut short.");
        }

        ReadOnlyMemory<byte> packed = log.Data.Slice(DataStart, (int)length);
        bool isCreation = packed.Span[CreationPlace] != 0;
        return new DepositTransaction
        {
            SourceHash = DepositSource.OfUser(log.BlockHash, log.LogIndex),
            From = AddressOf(log.Topics[1]),
            To = isCreation ? null : AddressOf(log.Topics[2]),
            Mint = Word(packed.Span),
            Value = Word(packed.Span[ValuePlace..]),
            GasLimit = BinaryPrimitives.ReadUInt64BigEndian(packed.Span[GasPlace..]),
            Data = packed[InputPlace..],
        };
    }

    private static Address AddressOf(Bytes32 topic) =>
        new(topic.ToArray().AsSpan(Bytes32.SizeBytes - Address.SizeBytes));

    private static BigInteger Word(ReadOnlySpan<byte> bytes) =>
        new Bytes32(bytes[..Bytes32.SizeBytes]).ToInteger();
}
