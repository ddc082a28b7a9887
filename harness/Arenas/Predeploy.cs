using System.Globalization;
using System.Numerics;
using Culverin.Harness.Values;

namespace Culverin.Harness.Arenas;

/// <summary>A contract in the first block of an L2, and what its storage holds there.</summary>
/// <param name="Number">The last bytes of its address.</param>
/// <param name="Name">The contract.</param>
internal sealed record Predeploy(int Number, string Name)
{
    public const int Messenger = 0x07;
    public const int Bridge = 0x10;
    public const int SequencerVault = 0x11;
    public const int Erc721Bridge = 0x14;
    public const int ProxyAdmin = 0x18;

    private const string AddressStart = "0x420000000000000000000000000000000000";
    private const string ImplementationStart = "0xc0d3c0d3c0d3c0d3c0d3c0d3c0d3c0d3c0d3";

    /// <summary>Whether a proxy stands at the address.</summary>
    public bool IsProxied { get; init; } = true;

    /// <summary>The constructor's arguments, of the contract's generated type; null for none.</summary>
    public object? Constructor { get; init; }

    /// <summary>Slots that are not zero.</summary>
    public IReadOnlyList<(int Slot, BigInteger Value)> Storage { get; init; } = [];

    /// <summary>Where the implementation stands.</summary>
    public Address ImplementationAddress => At(ImplementationStart, Number);

    /// <summary>The address of a predeploy.</summary>
    public static Address AddressAt(int number) => At(AddressStart, number);

    private static Address At(string start, int number) =>
        Address.Parse(start + number.ToString("x4", CultureInfo.InvariantCulture));
}
