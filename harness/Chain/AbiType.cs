using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Culverin.Harness.Chain;

/// <summary>The shapes of ABI types.</summary>
public enum AbiKind
{
    /// <summary>uint8 to uint256.</summary>
    UnsignedInteger,

    /// <summary>int8 to int256, two's complement.</summary>
    SignedInteger,

    /// <summary>A 20-byte address.</summary>
    Address,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>bytes1 to bytes32 (and "function", which is bytes24), left-aligned in their word.</summary>
    FixedBytes,

    /// <summary>A byte string of any length.</summary>
    DynamicBytes,

    /// <summary>A UTF-8 text of any length.</summary>
    Text,

    /// <summary>Values of one type, as many as the type says.</summary>
    FixedArray,

    /// <summary>Values of one type, as many as there are.</summary>
    DynamicArray,

    /// <summary>Values of several types: a struct, or the parameters of a function.</summary>
    Tuple,
}

/// <summary>A name and a type: a parameter of a function or error, or a field of a struct.</summary>
public sealed record AbiParameter(string Name, AbiType Type);

/// <summary>
/// A type of the contract ABI. Every type takes at least one word, so encoded data always bounds the number
/// of values in it; types nest at most <see cref="DepthMax"/> deep.
/// </summary>
public sealed partial class AbiType
{
    /// <summary>Bytes of a word, the unit of every encoding.</summary>
    public const int WordBytes = 32;

    /// <summary>How deep arrays and tuples may nest.</summary>
    public const int DepthMax = 16;

    // A type whose fixed part alone is larger than this cannot occur in a transaction.
    private const int HeadBytesMax = 1 << 24;

    private AbiType(AbiKind kind, int size, AbiType? element, IReadOnlyList<AbiParameter> components)
    {
        Kind = kind;
        Size = size;
        Element = element;
        Components = components;
        Depth = 1 + (element?.Depth ?? components.Select(part => part.Type.Depth).DefaultIfEmpty(0).Max());
        IsDynamic = kind switch
        {
            AbiKind.DynamicBytes or AbiKind.Text or AbiKind.DynamicArray => true,
            AbiKind.FixedArray => element!.IsDynamic,
            AbiKind.Tuple => components.Any(component => component.Type.IsDynamic),
            _ => false,
        };
        long inlineBytes = kind switch
        {
            AbiKind.FixedArray => (long)size * element!.HeadBytes,
            AbiKind.Tuple => components.Sum(component => (long)component.Type.HeadBytes),
            _ => WordBytes,
        };
        if (Depth > DepthMax || inlineBytes > HeadBytesMax)
        {
            throw new ChainException(ChainFailure.Abi, "An ABI type is too large or nests too deep.");
        }

        InlineBytes = (int)inlineBytes;
        Name = NameOf();
    }

    /// <summary>The shape.</summary>
    public AbiKind Kind { get; }

    /// <summary>Bits of an integer, bytes of a bytesN, length of a fixed array; else 0.</summary>
    public int Size { get; }

    /// <summary>The element type of an array, else null.</summary>
    public AbiType? Element { get; }

    /// <summary>The fields of a tuple, else empty.</summary>
    public IReadOnlyList<AbiParameter> Components { get; }

    /// <summary>The canonical name, as it enters a selector: "uint256", "(bytes,uint64[25])[]".</summary>
    public string Name { get; }

    /// <summary>Whether the encoding has a part behind the head, at an offset.</summary>
    public bool IsDynamic { get; }

    /// <summary>Bytes in the head of the enclosing sequence: the value itself, or its offset.</summary>
    public int HeadBytes => IsDynamic ? WordBytes : InlineBytes;

    // Bytes of the heads of all parts, were they written here.
    internal int InlineBytes { get; }

    private int Depth { get; }

    /// <summary>Makes the tuple of these parameters.</summary>
    public static AbiType TupleOf(IReadOnlyList<AbiParameter> components) =>
        new(AbiKind.Tuple, 0, null, components);

    /// <summary>The canonical name.</summary>
    public override string ToString() => Name;

    /// <summary>The type of part <paramref name="index"/> of an array or tuple.</summary>
    internal AbiType PartAt(int index) => Element ?? Components[index].Type;

    private string NameOf() => Kind switch
    {
        AbiKind.UnsignedInteger => "uint" + Size.ToString(CultureInfo.InvariantCulture),
        AbiKind.SignedInteger => "int" + Size.ToString(CultureInfo.InvariantCulture),
        AbiKind.Address => "address",
        AbiKind.Boolean => "bool",
        AbiKind.FixedBytes => "bytes" + Size.ToString(CultureInfo.InvariantCulture),
        AbiKind.DynamicBytes => "bytes",
        AbiKind.Text => "string",
        AbiKind.FixedArray => $"{Element}[{Size.ToString(CultureInfo.InvariantCulture)}]",
        AbiKind.DynamicArray => $"{Element}[]",
        _ => "(" + string.Join(",", Components.Select(component => component.Type.Name)) + ")",
    };
}
