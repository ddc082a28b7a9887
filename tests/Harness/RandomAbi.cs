using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using Culverin.Harness.Chain;

namespace Culverin.Harness.Tests;

/// <summary>Random ABI types and values, boundary-biased, with the notation cast reads.</summary>
internal sealed class RandomAbi
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzäß€";

    private readonly Random _random;

    internal RandomAbi(int seed)
    {
        _random = new Random(seed);
    }

    internal AbiType NextParameters()
    {
        int count = _random.Next(1, 5);
        return AbiType.TupleOf(
            [.. Enumerable.Range(0, count).Select(_ => new AbiParameter("", NextType(3)))]);
    }

    internal AbiValue NextValue(AbiType type) => type.Kind switch
    {
        AbiKind.UnsignedInteger => NextInteger(type.Size),
        AbiKind.SignedInteger => NextInteger(type.Size) - (BigInteger.One << (type.Size - 1)),
        AbiKind.Address => new Address(NextBytes(Address.SizeBytes)),
        AbiKind.Boolean => _random.Next(2) == 1,
        AbiKind.FixedBytes => NextBytes(type.Size),
        AbiKind.DynamicBytes => NextBytes(_random.Next(4) * 16 + _random.Next(3)),
        AbiKind.Text => NextText(_random.Next(1, 70)),
        AbiKind.DynamicArray => NextList(type, _random.Next(4)),
        AbiKind.FixedArray => NextList(type, type.Size),
        _ => NextList(type, type.Components.Count),
    };

    /// <summary>The value in cast's notation.</summary>
    internal static string Notation(AbiType type, AbiValue value) => type.Kind switch
    {
        AbiKind.Text => value.AsText(),
        AbiKind.DynamicArray or AbiKind.FixedArray => "[" + Parts(type, value) + "]",
        AbiKind.Tuple => "(" + Parts(type, value) + ")",
        _ => value.ToString(),
    };

    private static string Parts(AbiType type, AbiValue value) => string.Join(
        ",",
        value.AsList().Select((part, index) => Notation(type.Element ?? type.Components[index].Type, part)));

    private AbiType NextType(int depth) => AbiType.Parse(NextTypeName(depth));

    private string NextTypeName(int depth) => _random.Next(depth > 0 ? 11 : 7) switch
    {
        0 => "uint" + Number(8 * _random.Next(1, 33)),
        1 => "int" + Number(8 * _random.Next(1, 33)),
        2 => "address",
        3 => "bool",
        4 => "bytes" + Number(_random.Next(1, 33)),
        5 => "bytes",
        6 => "string",
        7 => NextTypeName(depth - 1) + "[]",
        8 => NextTypeName(depth - 1) + "[" + Number(_random.Next(1, 4)) + "]",
        _ => "(" + string.Join(",", NextTypeNames(depth - 1)) + ")",
    };

    private List<string> NextTypeNames(int depth) =>
        [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => NextTypeName(depth))];

    private AbiValue NextList(AbiType type, int count) => AbiValue.FromList(
        [.. Enumerable.Range(0, count).Select(index =>
            NextValue(type.Element ?? type.Components[index].Type))]);

    private BigInteger NextInteger(int bits) => _random.Next(5) switch
    {
        0 => 0,
        1 => (BigInteger.One << bits) - 1,
        2 => BigInteger.One << (bits - 1),
        _ => new BigInteger(NextBytes(bits / 8), isUnsigned: true),
    };

    private byte[] NextBytes(int count)
    {
        byte[] bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private string NextText(int length) =>
        new([.. Enumerable.Range(0, length).Select(_ => Letters[_random.Next(Letters.Length)])]);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
