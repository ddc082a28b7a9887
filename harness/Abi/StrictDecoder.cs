using Culverin.Harness.Values;
using Nethereum.ABI.FunctionEncoding;

namespace Culverin.Harness.Abi;

/// <summary>
/// Decodes ABI data from outside into types with Nethereum's attributes, and believes the result only if
/// encoding it gives the same bytes again: the decoder alone accepts a bool of 2, a dirty address, too large
/// a number or an offset beyond the data. May be used from several threads at once.
/// </summary>
internal static class StrictDecoder
{
    /// <summary>Bytes of the selector in front of calldata and errors.</summary>
    internal const int SelectorBytes = 4;

    /// <summary>Most bytes of encoded data; the longest of a real contract has some thousand.</summary>
    internal const int BytesMax = 1 << 20;

    /// <summary>
    /// The data as an object of the type. Throws <see cref="ChainException"/> unless they are its one
    /// canonical encoding.
    /// </summary>
    internal static object Decode(Type type, ReadOnlySpan<byte> data, string what)
    {
        RequireFitting(AbiLayout.Of(type), data);
        byte[] bytes = data.ToArray();
        object decoded = Guard(() => new ParameterDecoder().DecodeAttributes(bytes, type));
        byte[] again = Guard(
            () => new ParametersEncoder().EncodeParametersFromTypeAttributes(type, decoded));
        return again.AsSpan().SequenceEqual(bytes)
            ? decoded
            : throw new ChainException(ChainFailure.Abi, NotCanonical(what));
    }

    /// <summary>The same; null where the data are no such encoding.</summary>
    internal static object? TryDecode(Type type, ReadOnlySpan<byte> data)
    {
        try
        {
            return Decode(type, data, type.Name);
        }
        catch (ChainException)
        {
            // Another contract may use the same four bytes for something else.
            return null;
        }
    }

    /// <summary>
    /// Throws <see cref="ChainException"/> when the data are too long, or their offsets and counts lead out
    /// of them or to one place more than once: the decoder would make as many elements as they say.
    /// </summary>
    internal static void RequireFitting(AbiLayout layout, ReadOnlySpan<byte> data)
    {
        if (data.Length > BytesMax)
        {
            throw new ChainException(
                ChainFailure.Abi,
                $"Encoded data of {data.Length:N0} bytes are too long; {BytesMax:N0} are the most here.");
        }

        if (!layout.Fits(data))
        {
            throw new ChainException(
                ChainFailure.Abi, "Encoded data are cut short, or their parts are not where they should be.");
        }
    }

    /// <summary>
    /// Runs a part of Nethereum's codec, which throws whatever its arithmetic and slices happen to throw on
    /// malformed data, as <see cref="ChainException"/>.
    /// </summary>
    internal static T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (error is not (ChainException or OutOfMemoryException))
        {
            throw new ChainException(ChainFailure.Abi, "Encoded data does not decode.", error);
        }
    }

    /// <summary>The sentence about data that decode, but not to what they are the encoding of.</summary>
    internal static string NotCanonical(string what) =>
        $"The encoding of {what} is not the canonical one of its values.";
}
