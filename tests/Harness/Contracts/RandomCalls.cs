using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Reflection;
using Culverin.Harness.Contracts;
using Culverin.Harness.Values;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;

namespace Culverin.Harness.Tests.Contracts;

/// <summary>
/// Calls of the generated functions that have arguments, with random values at the edges of their types, and
/// the same values in the notation that cast reads.
/// </summary>
/// <param name="seed">What the values follow from.</param>
internal sealed class RandomCalls(int seed)
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzäß€";

    // Type names of the ABI: "uint64[25]" is an array of 25.
    private const char Bracket = '[';

    private static readonly Type[] Functions =
    [
        .. typeof(ContractCodec).Assembly.GetTypes()
            .Where(type => type.IsNestedPublic && type.IsAssignableTo(typeof(FunctionMessage)))
            .Where(type => ParametersOf(type).Any())
            .OrderBy(type => type.FullName, StringComparer.Ordinal),
    ];

    private readonly Random _random = new(seed);

    /// <summary>A call of a function that is chosen at random.</summary>
    internal FunctionMessage Next() => (FunctionMessage)NextObject(Functions[_random.Next(Functions.Length)]);

    /// <summary>Its arguments as cast reads them.</summary>
    internal static IEnumerable<string> Notation(object arguments) =>
        ParametersOf(arguments.GetType()).Select(each => Notation(
            each.Parameter.Type, each.Property.GetValue(arguments)!));

    private static IEnumerable<(PropertyInfo Property, ParameterAttribute Parameter)> ParametersOf(
        Type type) => type.GetProperties()
            .Select(property => (property, property.GetCustomAttribute<ParameterAttribute>()!))
            .Where(each => each.Item2 is not null)
            .OrderBy(each => each.Item2.Order);

    private object NextObject(Type type)
    {
        object result = Activator.CreateInstance(type)!;
        foreach ((PropertyInfo property, ParameterAttribute parameter) in ParametersOf(type))
        {
            property.SetValue(result, NextValue(parameter.Type, property.PropertyType));
        }

        return result;
    }

    private object NextValue(string name, Type type)
    {
        if (name.EndsWith(']'))
        {
            return NextList(name, type);
        }

        return name switch
        {
            "bool" => _random.Next(2) == 1,
            "string" => NextText(_random.Next(70)),
            "bytes" => NextBytes((_random.Next(4) * 16) + _random.Next(3)),
            "address" => Hex.Format(NextBytes(Address.SizeBytes)),
            "tuple" => NextObject(type),
            _ when name.StartsWith("bytes", StringComparison.Ordinal) => NextBytes(Number(name, "bytes")),
            _ => NextInteger(name, type),
        };
    }

    private IList NextList(string name, Type type)
    {
        int bracket = name.LastIndexOf(Bracket);
        string count = name[(bracket + 1)..^1];
        var list = (IList)Activator.CreateInstance(type)!;
        int length = count.Length > 0 ? int.Parse(count, CultureInfo.InvariantCulture) : _random.Next(4);
        for (int index = 0; index < length; index++)
        {
            list.Add(NextValue(name[..bracket], type.GetGenericArguments()[0]));
        }

        return list;
    }

    private object NextInteger(string name, Type type)
    {
        bool isSigned = name.StartsWith("int", StringComparison.Ordinal);
        int bits = Number(name, isSigned ? "int" : "uint");
        BigInteger value = _random.Next(5) switch
        {
            0 => 0,
            1 => (BigInteger.One << bits) - 1,
            2 => BigInteger.One << (bits - 1),
            _ => new BigInteger(NextBytes(bits / 8), isUnsigned: true),
        };
        value -= isSigned ? BigInteger.One << (bits - 1) : 0;
        return type == typeof(BigInteger)
            ? value
            : Convert.ChangeType(
                value.ToString(CultureInfo.InvariantCulture), type, CultureInfo.InvariantCulture);
    }

    private byte[] NextBytes(int count)
    {
        byte[] bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private string NextText(int length) =>
        new([.. Enumerable.Range(0, length).Select(_ => Letters[_random.Next(Letters.Length)])]);

    private static int Number(string name, string prefix) =>
        int.Parse(name.AsSpan(prefix.Length), CultureInfo.InvariantCulture);

    private static string Notation(string name, object value) => value switch
    {
        string text when name == "address" => Address.Parse(text).ToString(),
        string text => text,
        bool truth => truth ? "true" : "false",
        byte[] bytes => Hex.Format(bytes),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IList list => "[" + string.Join(",", list.Cast<object>().Select(each =>
            Notation(name[..name.LastIndexOf(Bracket)], each))) + "]",
        _ => "(" + string.Join(",", Notation(value)) + ")",
    };
}
