using System.Globalization;
using Culverin.Harness.Values;
using Culverin.Harness.Values.Transactions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Harness.Tests.Values;

public sealed class SignatureTests(ITestOutputHelper output)
{
    // The order of the curve, which is no key itself.
    private const string Order = "0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

    [Fact]
    public void Random_hashes_are_signed_as_cast_does_and_recovered()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        for (int round = 0; round < 20; round++)
        {
            byte[] secret = new byte[32];
            byte[] hashBytes = new byte[32];
            random.NextBytes(secret);
            random.NextBytes(hashBytes);

            // A key in 256 starts with a zero byte.
            secret.AsSpan(0, round % 3).Clear();
            PrivateKey key = new(secret);
            Bytes32 hash = new(hashBytes);
            EcdsaSignature signature = key.Sign(hash);
            Assert.Equal(
                Cast.Run("wallet", "sign", "--no-hash", "--private-key", Hex.Format(secret), hash.ToString()),
                Hex.Format(signature.ToBytes()));
            Assert.True(signature.IsLowS);
            Assert.Equal(key.Address, signature.RecoverSigner(hash));
            Assert.NotEqual(key.Address, signature.RecoverSigner(Bytes32.Keccak256(hashBytes)));
        }
    }

    [Theory]
    [InlineData("0x0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData(Order)]
    [InlineData("0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("0x01")]
    [InlineData("0x")]
    [InlineData("none")]
    public void Other_bytes_are_no_key(string text)
    {
        ChainException error = Assert.Throws<ChainException>(() => PrivateKey.Parse(text));
        Assert.Equal(ChainFailure.Signature, error.Failure);
        Assert.DoesNotContain(text.Length > 2 ? text[2..] : "none", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Signatures_that_belong_to_no_key_are_refused()
    {
        Bytes32 zero = default;
        Bytes32 order = Bytes32.Parse(Order);
        Bytes32 one = Bytes32.FromInteger(1);
        (Bytes32 R, Bytes32 S, int Id)[] wrong =
        [
            (zero, one, 0), (one, zero, 0), (order, one, 0), (one, order, 1), (order, order, 3),
            (one, one, 2),
        ];
        Assert.All(wrong, part => Assert.Equal(
            ChainFailure.Signature,
            Assert.Throws<ChainException>(
                () => new EcdsaSignature(part.R, part.S, part.Id).RecoverSigner(one)).Failure));
        Assert.All([-1, 4, 27], id => Assert.Throws<ChainException>(() => new EcdsaSignature(one, one, id)));
    }

    [Fact]
    public void A_transaction_with_the_twin_signature_is_refused()
    {
        PrivateKey key = new(Bytes32.FromInteger(3).ToArray());
        SignedTransaction signed = new FeeMarketTransaction { ChainId = 1 }.Sign(key);
        EcdsaSignature good = signed.Signature!;
        Bytes32 twinS = Bytes32.FromInteger(Bytes32.Parse(Order).ToInteger() - good.S.ToInteger());
        EcdsaSignature twin = new(good.R, twinS, good.RecoveryId ^ 1);
        Assert.Equal(key.Address, twin.RecoverSigner(signed.SigningHash));
        ChainException error =
            Assert.Throws<ChainException>(() => (signed with { Signature = twin }).RecoverSender());
        Assert.Equal(ChainFailure.Signature, error.Failure);
    }

    [Fact]
    public void A_key_is_not_printed()
    {
        string secret = "0x" + string.Concat(
            Enumerable.Range(1, 32).Select(each => each.ToString("x2", CultureInfo.InvariantCulture)));
        PrivateKey key = PrivateKey.Parse(secret);
        Assert.Equal(key.Address.ToString(), key.ToString());
    }
}
