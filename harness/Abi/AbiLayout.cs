using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using Nethereum.ABI.FunctionEncoding.Attributes;

namespace Culverin.Harness.Abi;

/// <summary>
/// Where the parts of ABI data must be, by the types of Nethereum's attributes: so that data can be refused
/// before anything is decoded whose offsets and counts lead out of them, or to one place more than once. The
/// decoder alone believes a count and makes as many elements (source: Solidity's contract ABI specification,
/// "Formal Specification of the Encoding"). May be used from several threads at once.
/// </summary>
internal sealed class AbiLayout
{
    private const int WordBytes = 32;
    private const int NoCount = -1;

    private static readonly ConcurrentDictionary<Type, AbiLayout> Known = new();

    private readonly AbiLayout[] _parts;
    private readonly AbiLayout? _element;
    private readonly bool _isText;
    private readonly int _headBytes;

    private AbiLayout(AbiLayout[] parts, AbiLayout? element = null, bool isText = false)
    {
        _parts = parts;
        _element = element;
        _isText = isText;
        IsDynamic = isText || element is not null || parts.Any(part => part.IsDynamic);
        _headBytes = IsDynamic || parts.Length == 0 ? WordBytes : parts.Sum(part => part._headBytes);
    }

    // Whether only an offset stands where the value should be.
    private bool IsDynamic { get; }

    /// <summary>All parameters of a type with Nethereum's attributes.</summary>
    internal static AbiLayout Of(Type type) => Known.GetOrAdd(type, each => OfParameters(each, _ => true));

    /// <summary>The parameters of an event that are not among its topics.</summary>
    internal static AbiLayout OfEventData(Type type) => OfParameters(type, parameter => !parameter.Indexed);

    /// <summary>
    /// Whether the data hold every part once and completely. Takes no longer than their length allows.
    /// </summary>
    internal bool Fits(ReadOnlySpan<byte> data)
    {
        long left = data.Length;
        return AreHeld(data, 0, _parts, ref left);
    }

    private static AbiLayout OfParameters(Type type, Func<Parameter, bool> isWanted) => new(
    [
        .. type.GetProperties()
            .Select(property => new Parameter(property))
            .Where(parameter => parameter.IsOne && isWanted(parameter))
            .OrderBy(parameter => parameter.Order)
            .Select(parameter => OfValue(parameter.Type, parameter.Property.PropertyType)),
    ]);

    private static AbiLayout OfValue(string name, Type type)
    {
        if (name.EndsWith(']'))
        {
            int bracket = name.LastIndexOf('[');
            AbiLayout element = OfValue(name[..bracket], type.GetGenericArguments()[0]);
            int count = name[(bracket + 1)..^1] is { Length: > 0 } digits
                ? int.Parse(digits, CultureInfo.InvariantCulture)
                : NoCount;
            return count == NoCount
                ? new AbiLayout([], element)
                : new AbiLayout([.. Enumerable.Repeat(element, count)]);
        }

        return name switch
        {
            "tuple" => OfParameters(type, _ => true),
            "bytes" or "string" => new AbiLayout([], isText: true),
            _ => new AbiLayout([]),
        };
    }

    // The parts that begin at a place: their heads one behind the other, and what the offsets there lead to.
    private static bool AreHeld(
        ReadOnlySpan<byte> data, long start, IEnumerable<AbiLayout> parts, ref long left)
    {
        long place = start;
        foreach (AbiLayout part in parts)
        {
            left -= part._headBytes;
            if (left < 0 || place + part._headBytes > data.Length)
            {
                return false;
            }

            if (part.IsDynamic
                && (!TryNumber(data, place, out long offset)
                    || !part.IsHeldAt(data, start + offset, ref left)))
            {
                return false;
            }

            place += part._headBytes;
        }

        return true;
    }

    private bool IsHeldAt(ReadOnlySpan<byte> data, long start, ref long left)
    {
        if (!_isText && _element is null)
        {
            return AreHeld(data, start, _parts, ref left);
        }

        left -= WordBytes;
        if (left < 0 || !TryNumber(data, start, out long count))
        {
            return false;
        }

        if (_isText)
        {
            long bytes = (count + WordBytes - 1) / WordBytes * WordBytes;
            left -= bytes;
            return left >= 0 && start + WordBytes + bytes <= data.Length;
        }

        // Each takes a word at least, so that this ends with the data.
        return count * _element!._headBytes <= left
            && AreHeld(
                data, start + WordBytes, Enumerable.Repeat(_element, (int)count), ref left);
    }

    // A word that is an offset or a count: not above the data's length, or it fits nothing.
    private static bool TryNumber(ReadOnlySpan<byte> data, long place, out long number)
    {
        number = 0;
        if (place + WordBytes > data.Length)
        {
            return false;
        }

        foreach (byte digit in data.Slice((int)place, WordBytes))
        {
            number = (number << 8) | digit;
            if (number > data.Length)
            {
                return false;
            }
        }

        return true;
    }

    private readonly struct Parameter(PropertyInfo property)
    {
        private readonly ParameterAttribute? _attribute = property.GetCustomAttribute<ParameterAttribute>();

        internal PropertyInfo Property { get; } = property;

        internal bool IsOne => _attribute is not null;

        internal int Order => _attribute!.Order;

        internal string Type => _attribute!.Type;

        internal bool Indexed => _attribute!.Parameter.Indexed;
    }
}
