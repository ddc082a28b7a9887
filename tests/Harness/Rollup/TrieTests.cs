using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;
using Culverin.Harness.Values.Transactions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Harness.Tests.Rollup;

/// <summary>Tries and proofs against those of a real node.</summary>
public sealed class TrieTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly Address Holder = Address.Parse("0x4200000000000000000000000000000000000016");

    private RollupWorld? _world;

    private RollupWorld World => _world!;

    public async Task InitializeAsync() => _world = await RollupWorld.StartAsync();

    public async Task DisposeAsync() => await World.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(17)]
    [InlineData(127)]
    [InlineData(129)]
    [InlineData(200)]
    public async Task A_blocks_transactions_hash_to_its_root(int count)
    {
        Address user = World.Arena.Accounts.User.Address;
        SignedTransaction[] transactions = [.. Enumerable.Range(0, count).Select(number =>
            new FeeMarketTransaction
            {
                ChainId = World.Arena.Options.L1ChainId,
                Nonce = (ulong)number,
                To = user,
                GasLimit = 100_000,
                MaxFeePerGas = 100_000_000_000,
                Data = new byte[number],
            }.Sign(World.Arena.Accounts.User.Key))];
        IReadOnlyList<TransactionReceipt> receipts =
            await World.Arena.L1.SendInOneBlockAsync(transactions);
        Block block = await World.L1.GetBlockAsync(BlockReference.Hash(receipts[0].BlockHash));
        Assert.Equal(count, block.TransactionHashes.Count);
        IReadOnlyList<byte[]> raw = await RawTransactions.ReadAsync(World.L1, block.Header);
        Assert.Equal(transactions.Select(transaction => transaction.Encode()), raw);
        byte[][] swapped = [.. raw];
        swapped[^1] = [.. swapped[^1], 0];
        Assert.NotEqual(block.Header.TransactionsRoot, TrieBuilder.RootOf(swapped));
    }

    [Fact]
    public void An_empty_list_has_the_empty_root()
    {
        Assert.Equal(
            "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421",
            TrieBuilder.RootOf([]).ToString());
        Assert.Null(TrieProof.Find(TrieBuilder.EmptyRoot, [1], []));
    }

    [Fact]
    public async Task Accounts_and_slots_are_proven_and_so_is_their_absence()
    {
        await World.WithdrawAsync(World.Arena.Accounts.User, 5);
        await World.WithdrawAsync(World.Arena.Accounts.User, 6);
        Block block = await World.L2.GetBlockAsync(BlockReference.Latest);

        // The nonce of messages is packed into slot 1; slot 99 is empty.
        Bytes32[] slots = [Bytes32.FromInteger(1), Bytes32.FromInteger(99)];
        AccountProof proof = await World.L2.GetProofAsync(Holder, slots, BlockReference.Hash(block.Hash));
        RlpItem account = RlpItem.Decode(Find(block.Header.StateRoot, Key(Holder), proof.Nodes)!.Value);
        Assert.Equal(proof.StorageRoot, account.Items[2].AsBytes32());
        ReadOnlyMemory<byte> value =
            Find(proof.StorageRoot, Key(slots[0]), proof.Storage[0].Nodes)!.Value;
        Assert.Equal(2, (RlpItem.Decode(value).AsUInt256()));
        Assert.Null(Find(proof.StorageRoot, Key(slots[1]), proof.Storage[1].Nodes));

        Address nobody = Address.Parse("0x00000000000000000000000000000000deadbeef");
        AccountProof absent = await World.L2.GetProofAsync(nobody, [], BlockReference.Hash(block.Hash));
        Assert.Null(Find(block.Header.StateRoot, Key(nobody), absent.Nodes));
    }

    [Fact]
    public async Task A_changed_proof_proves_nothing()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        Block block = await World.L2BlockAsync(1);
        AccountProof proof = await World.L2.GetProofAsync(Holder, [], BlockReference.Hash(block.Hash));
        for (int round = 0; round < 500; round++)
        {
            ReadOnlyMemory<byte>[] nodes = [.. proof.Nodes];
            int place = random.Next(nodes.Length);
            byte[] changed = nodes[place].ToArray();
            changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
            nodes[place] = changed;
            ChainException error = Assert.Throws<ChainException>(
                () => Find(block.Header.StateRoot, Key(Holder), nodes));
            Assert.Equal(ChainFailure.BadAnswer, error.Failure);
            ReadOnlyMemory<byte>[] shorter = [.. proof.Nodes.Take(place)];
            Assert.Throws<ChainException>(() => Find(block.Header.StateRoot, Key(Holder), shorter));
        }
    }

    [Fact]
    public void Malformed_nodes_are_refused_even_under_their_own_hash()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        byte[] leaf = RlpItem.List(new byte[] { 0x20, 0xab, 0xcd }, new byte[40]).Encode();
        Assert.NotNull(Find(Bytes32.Keccak256(leaf), [0xab, 0xcd], [leaf]));
        for (int round = 0; round < 5_000; round++)
        {
            byte[] changed = leaf[..random.Next(1, leaf.Length + 1)];
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
            try
            {
                _ = Find(Bytes32.Keccak256(changed), [0xab, 0xcd], [changed]);
            }
            catch (ChainException)
            {
                // The one exception that is allowed.
            }
        }
    }

    private static ReadOnlyMemory<byte>? Find(
        Bytes32 root, byte[] key, IReadOnlyList<ReadOnlyMemory<byte>> nodes) =>
        TrieProof.Find(root, key, nodes);

    private static byte[] Key(Address account)
    {
        byte[] name = new byte[Address.SizeBytes];
        account.CopyTo(name);
        return Bytes32.Keccak256(name).ToArray();
    }

    private static byte[] Key(Bytes32 slot) => Bytes32.Keccak256(slot.ToArray()).ToArray();
}
