using System.Collections.Frozen;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;

namespace Culverin.Harness.Abi;

/// <summary>
/// The custom errors of all generated contracts, by their selector: so that an error that one contract passes
/// on from another is decoded too.
/// </summary>
internal static class KnownErrors
{
    private static readonly FrozenDictionary<string, Type> BySelector = typeof(KnownErrors).Assembly
        .GetTypes()
        .Where(type => type.IsNestedPublic && type.IsAssignableTo(typeof(IErrorDTO)))
        .OrderBy(type => type.FullName, StringComparer.Ordinal)
        .GroupBy(SelectorOf)
        .ToFrozenDictionary(group => group.Key, group => group.First());

    /// <summary>All of them, one of each signature.</summary>
    internal static IEnumerable<Type> All => BySelector.Values;

    /// <summary>The error of this selector; null when there is none.</summary>
    internal static Type? Find(ReadOnlySpan<byte> selector) =>
        BySelector.GetValueOrDefault(Convert.ToHexStringLower(selector));

    /// <summary>The selector of an error as eight digits.</summary>
    internal static string SelectorOf(Type error) =>
        ABITypedRegistry.GetError(error).Sha3Signature[..(2 * StrictDecoder.SelectorBytes)];
}
