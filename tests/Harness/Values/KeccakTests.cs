using Culverin.Harness.Values;
using Culverin.Primitives;
using Xunit;

namespace Culverin.Harness.Tests.Values;

public sealed class KeccakTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(135)]
    [InlineData(136)]
    [InlineData(137)]
    [InlineData(1000)]
    public void Keccak_is_casts(int length)
    {
        byte[] data = [.. Enumerable.Range(0, length).Select(index => (byte)(index * 7))];
        byte[] hash = new byte[32];
        Keccak256.Hash(data, hash);
        Assert.Equal(Cast.Run("keccak", Hex.Format(data)), Hex.Format(hash));
    }
}
