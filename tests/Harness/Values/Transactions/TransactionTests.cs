using System.Globalization;
using System.Numerics;
using Culverin.Harness.Local;
using Culverin.Harness.Values;
using Culverin.Harness.Values.Transactions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Harness.Tests.Values.Transactions;

public sealed class TransactionTests(ITestOutputHelper output)
{
    [Fact]
    public void Random_transactions_are_signed_as_cast_does_and_read_back()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        for (int round = 0; round < 30; round++)
        {
            byte[] secret = new byte[32];
            random.NextBytes(secret);
            PrivateKey key = new(secret);
            Assert.Equal(
                Cast.Run("wallet", "address", "--private-key", Hex.Format(secret)),
                key.Address.ToString(),
                ignoreCase: true);
            SignedTransaction unsigned = round % 2 == 0 ? NextFeeMarket(random) : NextLegacy(random);
            SignedTransaction signed = unsigned.Sign(key);
            string encoded = Hex.Format(signed.Encode());
            Assert.Equal(Cast.Run([.. CastArguments(unsigned, Hex.Format(secret))]), encoded);
            Assert.Equal(Cast.Run("keccak", encoded), signed.Hash.ToString());
            SignedTransaction read =
                Assert.IsAssignableFrom<SignedTransaction>(Transaction.Decode(Hex.Parse(encoded)));
            Assert.Equal(unsigned.Type, read.Type);
            Assert.Equal(encoded, Hex.Format(read.Encode()));
            Assert.Equal(key.Address, read.RecoverSender());
        }
    }

    [Fact]
    public void Old_transactions_of_any_chain_are_read()
    {
        PrivateKey key = new(Bytes32.FromInteger(5).ToArray());
        SignedTransaction signed =
            new LegacyTransaction { Nonce = 1, GasPrice = 2, GasLimit = 21_000, To = default(Address) }
                .Sign(key);
        SignedTransaction read = (SignedTransaction)Transaction.Decode(signed.Encode());
        Assert.Null(read.ChainId);
        Assert.Equal(key.Address, read.RecoverSender());
        Assert.Equal(signed.Hash, read.Hash);
    }

    [Fact]
    public void An_access_list_is_kept()
    {
        PrivateKey key = new(Bytes32.FromInteger(5).ToArray());
        SignedTransaction signed = new FeeMarketTransaction
        {
            ChainId = 1,
            AccessList = [new(key.Address, [Bytes32.FromInteger(1), Bytes32.FromInteger(2)])],
        }.Sign(key);
        FeeMarketTransaction read = Assert.IsType<FeeMarketTransaction>(Transaction.Decode(signed.Encode()));
        Assert.Equal(signed.Hash, read.Hash);
        Assert.Equal(Bytes32.FromInteger(2), read.AccessList[0].Slots[1]);
        string decoded = Cast.Run("decode-transaction", Hex.Format(signed.Encode()));
        Assert.Contains(key.Address.ToString(), decoded, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("storageKeys", decoded, StringComparison.Ordinal);
    }

    // What a local node sends for an account whose key nobody has.
    [Fact]
    public void A_signature_of_zeros_is_kept()
    {
        const string Start =
            "0x02e582038480843b9aca0084638921ee830f42409421795ab13fc8479248a651d162652ed7e51ea909";
        byte[] encoded = [.. Hex.Parse(Start), 0x80, 0x80, 0xc0, 0x80, 0x80, 0x80];
        encoded[1] = (byte)(0xc0 + encoded.Length - 2);
        Transaction read = Transaction.Decode(encoded);
        Assert.Equal(Hex.Format(encoded), Hex.Format(read.Encode()));
        SignedTransaction unsigned = Assert.IsType<FeeMarketTransaction>(read);
        Assert.Equal(
            ChainFailure.Signature, Assert.Throws<ChainException>(() => unsigned.RecoverSender()).Failure);
    }

    [Fact]
    public async Task A_deposit_runs_on_an_L2_under_the_hash_of_its_encoding()
    {
        Address sender = Address.Parse("0x00000000000000000000000000000000000000aa");
        Address receiver = Address.Parse("0x00000000000000000000000000000000000000bb");
        DepositTransaction deposit = new()
        {
            SourceHash = Bytes32.Keccak256("one"u8),
            From = sender,
            To = receiver,
            Mint = 1_000,
            Value = 400,
            GasLimit = 100_000,
            Data = new byte[] { 1, 2 },
        };
        byte[] encoded = deposit.Encode();
        DepositTransaction read = Assert.IsType<DepositTransaction>(Transaction.Decode(encoded));
        Assert.Equal(Hex.Format(encoded), Hex.Format(read.Encode()));
        await using Anvil anvil =
            await Anvil.StartAsync(Repository.Packages, new AnvilOptions { IsOptimism = true });
        Bytes32 hash = await anvil.Node.SubmitRawAsync(encoded);
        Assert.Equal(deposit.Hash, hash);
        Assert.True((await anvil.Node.WaitForReceiptsAsync([hash]))[0].Succeeded);
        Assert.Equal(600, await anvil.Node.GetBalanceAsync(sender));
        Assert.Equal(400, await anvil.Node.GetBalanceAsync(receiver));
    }

    [Theory]
    [InlineData("0x")]
    [InlineData("0x01c0")]
    [InlineData("0x02c0")]
    [InlineData("0x02")]
    [InlineData("0x7ec0")]
    [InlineData("0xc0")]
    [InlineData("0xc981010101010101010101")]
    [InlineData("0x05")]
    public void Other_bytes_are_no_transaction(string encoded)
    {
        ChainException error = Assert.Throws<ChainException>(() => Transaction.Decode(Hex.Parse(encoded)));
        Assert.Equal(ChainFailure.Encoding, error.Failure);
    }

    [Fact]
    public void Mutated_transactions_are_read_exactly_or_refused()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        PrivateKey key = new(Bytes32.FromInteger(7).ToArray());
        for (int round = 0; round < 2_000; round++)
        {
            SignedTransaction transaction = round % 2 == 0 ? NextFeeMarket(random) : NextLegacy(random);
            byte[] data = transaction.Sign(key).Encode();
            data[random.Next(data.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                Transaction read = Transaction.Decode(data);
                Assert.Equal(Hex.Format(data), Hex.Format(read.Encode()));
                _ = (read as SignedTransaction)?.RecoverSender();
            }
            catch (ChainException error)
            {
                Assert.Contains(
                    error.Failure, new[] { ChainFailure.Encoding, ChainFailure.Signature, ChainFailure.Abi });
            }
        }
    }

    [Fact]
    public void A_created_contracts_address_is_casts()
    {
        Address creator = Address.Parse("0x00000000000000000000000000000000000000aa");
        foreach (ulong nonce in new ulong[] { 0, 1, 127, 128, 70_000 })
        {
            Assert.EndsWith(
                Address.OfCreated(creator, nonce).ToString(),
                Cast.Run(
                    "compute-address",
                    "--nonce",
                    nonce.ToString(CultureInfo.InvariantCulture),
                    creator.ToString()),
                StringComparison.OrdinalIgnoreCase);
        }
    }

    private static FeeMarketTransaction NextFeeMarket(Random random) => new()
    {
        ChainId = (ulong)random.Next(1, 1 << 30),
        Nonce = (ulong)random.Next(300),
        MaxFeePerGas = random.NextInt64(1, 1L << 40) + (1L << 40),
        MaxPriorityFeePerGas = random.NextInt64(1L << 40),
        GasLimit = (ulong)random.NextInt64(21_000, 1L << 40),
        To = NextAddress(random),
        Value = new BigInteger(random.NextInt64()) * random.Next(1_000),
        Data = NextData(random),
    };

    private static LegacyTransaction NextLegacy(Random random) => new()
    {
        ChainId = (ulong)random.Next(1, 1 << 30),
        Nonce = (ulong)random.Next(300),
        GasPrice = random.NextInt64(1L << 40),
        GasLimit = (ulong)random.NextInt64(21_000, 1L << 40),
        To = NextAddress(random),
        Value = new BigInteger(random.NextInt64()) * random.Next(1_000),
        Data = NextData(random),
    };

    private static Address? NextAddress(Random random)
    {
        byte[] bytes = new byte[Address.SizeBytes];
        random.NextBytes(bytes);
        return random.Next(3) == 0 ? null : new Address(bytes);
    }

    private static byte[] NextData(Random random)
    {
        byte[] data = new byte[random.Next(1, 200)];
        random.NextBytes(data);
        return data;
    }

    private static string[] CastArguments(SignedTransaction transaction, string key)
    {
        string[] fees = transaction is FeeMarketTransaction modern
            ?
            [
                "--gas-price", Text(modern.MaxFeePerGas),
                "--priority-gas-price", Text(modern.MaxPriorityFeePerGas),
            ]
            : ["--legacy", "--gas-price", Text(((LegacyTransaction)transaction).GasPrice)];
        string[] target = transaction.To is { } to
            ? [to.ToString(), Hex.Format(transaction.Data.Span)]
            : ["--create", Hex.Format(transaction.Data.Span)];
        return
        [
            "mktx", "--private-key", key, "--chain", Text(transaction.ChainId!.Value),
            "--nonce", Text(transaction.Nonce), "--gas-limit", Text(transaction.GasLimit),
            "--value", Text(transaction.Value), .. fees, .. target,
        ];
    }

    private static string Text(BigInteger number) => number.ToString(CultureInfo.InvariantCulture);
}
