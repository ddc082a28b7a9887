using Culverin.Harness.Rollup;
using Culverin.Harness.Values;
using Culverin.Harness.Values.Transactions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Harness.Tests.Rollup;

/// <summary>Deposits from events, and batches, without a chain.</summary>
public sealed class DepositTests(ITestOutputHelper output)
{
    private static readonly Address From = Address.Parse("0x1111111111111111111111111111111111111111");
    private static readonly Address To = Address.Parse("0x2222222222222222222222222222222222222222");
    private static readonly Bytes32 BlockHash = Bytes32.Keccak256([7]);

    [Fact]
    public void An_event_becomes_a_transaction()
    {
        DepositTransaction deposit = DepositDerivation.Derive(Log(isCreation: false));
        Assert.Equal((From, To), (deposit.From, deposit.To));
        Assert.Equal((300, 200), (deposit.Mint, deposit.Value));
        Assert.Equal(100_000ul, deposit.GasLimit);
        Assert.Equal([0xca, 0xfe], deposit.Data.ToArray());
        Assert.False(deposit.IsSystemTransaction);
        Assert.Null(DepositDerivation.Derive(Log(isCreation: true)).To);
    }

    [Fact]
    public void Names_of_deposits_are_those_of_the_specification()
    {
        string inner = Cast.Run("keccak", BlockHash.ToString() + Word(5)[2..]);
        Assert.Equal(
            Cast.Run("keccak", Word(0) + inner[2..]),
            DepositDerivation.Derive(Log(isCreation: false)).SourceHash.ToString());
        Assert.Equal(
            Cast.Run("keccak", "TransactionDeposited(address,address,uint256,bytes)"),
            DepositDerivation.Topic.ToString());
    }

    [Fact]
    public void Malformed_events_are_refused()
    {
        LogEntry good = Log(isCreation: false);
        for (int length = 0; length < good.Data.Length - 30; length++)
        {
            LogEntry cut = good with { Data = good.Data[..length] };
            Assert.Throws<ChainException>(() => DepositDerivation.Derive(cut));
        }

        byte[] huge = good.Data.ToArray();
        huge.AsSpan(32, 32).Fill(0xFF);
        Bytes32[] topics = [.. good.Topics];
        LogEntry[] bad =
        [
            good with { Data = huge },
            good with { Topics = topics[..3] },
            good with { Topics = [BlockHash, .. topics[1..]] },
            good with { Topics = [.. topics[..3], Bytes32.FromInteger(1)] },
        ];
        Assert.All(bad, log => Assert.Throws<ChainException>(() => DepositDerivation.Derive(log)));
    }

    [Fact]
    public void Inboxes_spell_the_chain_id()
    {
        Assert.Equal(
            "0xff00000000000000000000000000000000000901", RollupConfig.InboxOf(901).ToString());
        Assert.Equal(
            "0xff00000000000000000018446744073709551615", RollupConfig.InboxOf(ulong.MaxValue).ToString());
    }

    [Fact]
    public void Damaged_batches_count_as_none_or_hold_whole_headers()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        RlpItem[] fields =
        [
            .. Enumerable.Repeat<RlpItem>(BlockHash, 6), new byte[256],
            .. Enumerable.Repeat<RlpItem>(5ul, 6), BlockHash, new byte[8],
        ];
        byte[] header = RlpItem.List(fields).Encode();
        BlockHeader decoded = BlockHeader.Decode(header);
        byte[] good = Batch.Encode([decoded, decoded]);
        Assert.Equal(2, Batch.TryDecode(good)!.Count);
        int refused = 0;
        for (int round = 0; round < 5_000; round++)
        {
            byte[] changed = random.Next(2) == 0 ? [.. good] : good[..random.Next(good.Length)];
            if (changed.Length > 0)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            if (Batch.TryDecode(changed) is { } headers)
            {
                Assert.Equal(changed, Batch.Encode(headers));
            }
            else
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, 4_999);
    }

    private static string Word(int number) => Bytes32.FromInteger(number).ToString();

    private static LogEntry Log(bool isCreation)
    {
        byte[] packed =
        [
            .. Bytes32.FromInteger(300).ToArray(), .. Bytes32.FromInteger(200).ToArray(),
            0, 0, 0, 0, 0, 1, 0x86, 0xa0, isCreation ? (byte)1 : (byte)0, 0xca, 0xfe,
        ];
        byte[] data =
        [
            .. Bytes32.FromInteger(32).ToArray(), .. Bytes32.FromInteger(packed.Length).ToArray(),
            .. packed, .. new byte[21],
        ];
        Bytes32[] topics = [DepositDerivation.Topic, Topic(From), Topic(To), default];
        return new LogEntry(default, topics, data, 1, BlockHash, default, 0, 5);
    }

    private static Bytes32 Topic(Address address)
    {
        byte[] word = new byte[32];
        address.CopyTo(word.AsSpan(12));
        return new Bytes32(word);
    }
}
