using System.Numerics;
using Culverin.Harness.Values;

namespace Culverin.Harness.Contracts;

/// <summary>
/// Between the types that Nethereum encodes and decodes and those of the harness. What does not fit, as a
/// number that names no status, throws <see cref="ChainException"/>.
/// </summary>
internal static class Wire
{
    /// <summary>The text of the address of twenty zero bytes.</summary>
    internal const string NoAddress = "0x0000000000000000000000000000000000000000";

    internal static Address ToAddress(string text) => Address.Parse(text);

    internal static string FromAddress(Address address) => address.ToString();

    internal static IReadOnlyList<Address> AllToAddress(List<string> texts) => [.. texts.Select(ToAddress)];

    internal static List<string> AllFromAddress(IReadOnlyList<Address> addresses) =>
        [.. addresses.Select(FromAddress)];

    internal static Bytes32 ToBytes32(byte[] bytes) => new(bytes);

    internal static byte[] FromBytes32(Bytes32 value) => value.ToArray();

    internal static IReadOnlyList<Bytes32> AllToBytes32(List<byte[]> values) => [.. values.Select(ToBytes32)];

    internal static List<byte[]> AllFromBytes32(IReadOnlyList<Bytes32> values) =>
        [.. values.Select(FromBytes32)];

    internal static Position ToPosition(BigInteger value) => value.Sign >= 0 && value <= UInt128.MaxValue
        ? new Position((UInt128)value)
        : throw new ChainException(ChainFailure.Abi, "A position does not fit into 128 bits.");

    internal static BigInteger FromPosition(Position position) => (BigInteger)position.GeneralizedIndex;

    internal static GameStatus ToGameStatus(byte value) => value <= (byte)GameStatus.DefenderWins
        ? (GameStatus)value
        : throw new ChainException(ChainFailure.Abi, $"{value} is no status of a game.");

    internal static byte FromGameStatus(GameStatus status) => (byte)status;
}
