using System.Security.Cryptography;
using Culverin.Oracle;
using Culverin.Primitives;
using Xunit;

namespace Culverin.Tests.Oracle;

/// <summary>The sources without a process: folder, callback, nothing; and the check of hashes.</summary>
public sealed class OracleSourcesTests
{
    [Fact]
    public void A_folder_serves_plain_and_prefixed_names()
    {
        using var folder = new TemporaryFolder();
        byte[] plain = OracleProcess.Key(1, 0, 1);
        byte[] prefixed = OracleProcess.Key(1, 0, 2);
        File.WriteAllBytes(folder.File(Convert.ToHexStringLower(plain)), [1, 2, 3]);
        File.WriteAllBytes(folder.File("0x" + Convert.ToHexStringLower(prefixed)), []);
        using var oracle = new DirectoryOracle(folder.Path);
        oracle.Hint([1]);
        Assert.Equal([1, 2, 3], oracle.GetPreimage(plain));
        Assert.Empty(oracle.GetPreimage(prefixed));
        OracleAssert.Fails(ErrorCode.InvalidArgument, () => oracle.GetPreimage(new byte[5]));
        OracleAssert.Fails(ErrorCode.PreimageMissing, () => oracle.GetPreimage(new byte[32]));
        Directory.CreateDirectory(folder.File(new string('0', 64)));
        OracleAssert.Fails(ErrorCode.PreimageMissing, () => oracle.GetPreimage(new byte[32]));
    }

    [Fact]
    public void A_folder_must_exist_and_obeys_the_largest_size()
    {
        OracleAssert.Fails(ErrorCode.FileAccess, () => new DirectoryOracle("/nonexistent/folder").Dispose());
        using var folder = new TemporaryFolder();
        byte[] key = OracleProcess.Key(1, 0);
        File.WriteAllBytes(folder.File(Convert.ToHexStringLower(key)), new byte[11]);
        using var oracle = new DirectoryOracle(folder.Path, new OracleOptions { PreimageBytesMax = 10 });
        OracleAssert.Fails(ErrorCode.LimitExceeded, () => oracle.GetPreimage(key));
    }

    [Fact]
    public void Nothing_answers_nothing()
    {
        NoOracle.Instance.Hint([1, 2]);
        CulverinException error = OracleAssert.Fails(
            ErrorCode.PreimageMissing, () => NoOracle.Instance.GetPreimage(new byte[32]));
        Assert.Contains("no pre-image server was given", error.Message, StringComparison.Ordinal);
        NoOracle.Instance.Shutdown();
        NoOracle.Instance.Dispose();
    }

    [Fact]
    public void Callbacks_answer_miss_and_fail()
    {
        byte[] lastHint = [];
        using var oracle = new CallbackOracle(
            key => key[1] switch
            {
                0 => key.ToArray(),
                1 => null,
                2 => throw new InvalidOperationException("boom"),
                3 => throw new OperationCanceledException(),
                4 => throw new CulverinException(ErrorCode.LimitExceeded, "Mine."),
                _ => new byte[100],
            },
            hint => lastHint = hint.Length == 0
                ? throw new InvalidOperationException("bang")
                : hint.ToArray(),
            new OracleOptions { PreimageBytesMax = 99 });
        byte[] Ask(byte selector) => oracle.GetPreimage([1, selector, .. new byte[30]]);
        Assert.Equal(32, Ask(0).Length);
        OracleAssert.Fails(ErrorCode.PreimageMissing, () => Ask(1));
        CulverinException error = OracleAssert.Fails(ErrorCode.PreimageServer, () => Ask(2));
        Assert.IsType<InvalidOperationException>(error.InnerException);
        OracleAssert.Fails(ErrorCode.Cancelled, () => Ask(3));
        OracleAssert.Fails(ErrorCode.LimitExceeded, () => Ask(4));
        OracleAssert.Fails(ErrorCode.LimitExceeded, () => Ask(5));
        oracle.Hint([7]);
        Assert.Equal([7], lastHint);
        OracleAssert.Fails(ErrorCode.PreimageServer, () => oracle.Hint([]));
        OracleAssert.Fails(ErrorCode.InvalidArgument, () => new CallbackOracle(null!).Dispose());
    }

    [Fact]
    public void Hashes_are_verified_for_the_two_plain_hash_types()
    {
        byte[] value = [.. Enumerable.Range(0, 300).Select(number => (byte)number)];
        byte[] keccakKey = new byte[32];
        Keccak256.Hash(value, keccakKey);
        keccakKey[0] = 2;
        byte[] sha256Key = SHA256.HashData(value);
        sha256Key[0] = 4;
        byte[] answer = value;
        using var inner = new CallbackOracle(_ => answer);
        using IPreimageOracle oracle = VerifyingOracle.Wrap(inner, OracleOptions.Default);
        Assert.Same(value, oracle.GetPreimage(keccakKey));
        Assert.Same(value, oracle.GetPreimage(sha256Key));

        answer = [.. value[..^1], 1];
        foreach (byte[] key in new[] { keccakKey, sha256Key })
        {
            CulverinException error = OracleAssert.Fails(
                ErrorCode.PreimageServer, () => oracle.GetPreimage(key));
            Assert.Contains(Convert.ToHexStringLower(key), error.Message, StringComparison.Ordinal);
        }

        answer = [];
        Assert.Contains("answer nothing", OracleAssert.Fails(
            ErrorCode.PreimageServer, () => oracle.GetPreimage(keccakKey)).Message, StringComparison.Ordinal);
        foreach (byte type in new byte[] { 0, 1, 3, 5, 6, 255 })
        {
            Assert.Same(answer, oracle.GetPreimage([type, .. keccakKey[1..]]));
        }
    }

    [Fact]
    public void Verification_can_be_switched_off()
    {
        using var inner = new CallbackOracle(_ => []);
        Assert.Same(inner, VerifyingOracle.Wrap(inner, new OracleOptions { VerifyHashes = false }));
    }
}
