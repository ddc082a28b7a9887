using Culverin.Harness.Abi;
using Culverin.Harness.Values;
using Nethereum.ABI.FunctionEncoding;
using Nethereum.ABI.FunctionEncoding.AttributeEncoding;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.ABI.Model;
using Nethereum.Contracts;

namespace Culverin.Harness.Contracts;

/// <summary>
/// Encodes calls and decodes what contracts answer, by the types of this folder and Nethereum.ABI. An
/// answer is believed only if encoding what was decoded gives the same bytes again, since the decoder alone
/// accepts a bool of 2, a dirty address, too large a number or an offset beyond the data. May be used
/// from several threads at once.
/// </summary>
public static class ContractCodec
{
    /// <summary>Bytes of the selector in front of calldata and errors.</summary>
    public const int SelectorBytes = StrictDecoder.SelectorBytes;

    /// <summary>Most bytes of an answer; the longest of a real contract has some thousand.</summary>
    public const int AnswerBytesMax = StrictDecoder.BytesMax;

    /// <summary>The first bytes of every call of this function.</summary>
    public static byte[] SelectorOf<TFunction>()
        where TFunction : FunctionMessage, new() =>
        Convert.FromHexString(ABITypedRegistry.GetFunctionABI<TFunction>().Sha3Signature);

    /// <summary>
    /// The calldata of a call: selector and arguments. Throws <see cref="ChainException"/> when an argument
    /// does not fit its type.
    /// </summary>
    public static byte[] EncodeCall(FunctionMessage call)
    {
        string selector = ABITypedRegistry.GetFunctionABI(call.GetType()).Sha3Signature;
        return [.. Convert.FromHexString(selector), .. EncodeArguments(call)];
    }

    /// <summary>
    /// The arguments alone, as a constructor's follow its creation code. Throws <see
    /// cref="ChainException"/> when an argument does not fit its type.
    /// </summary>
    public static byte[] EncodeArguments(object arguments)
    {
        try
        {
            return new ParametersEncoder()
                .EncodeParametersFromTypeAttributes(arguments.GetType(), arguments);
        }
        catch (Exception error) when (error is not (ChainException or OutOfMemoryException))
        {
            throw new ChainException(
                ChainFailure.Abi,
                $"{arguments.GetType().Name} has a value that does not fit its type.",
                error);
        }
    }

    /// <summary>
    /// The results in the data that a call returned. Throws <see cref="ChainException"/> unless the data is
    /// their one canonical encoding.
    /// </summary>
    public static TResult DecodeResult<TResult>(ReadOnlyMemory<byte> data)
        where TResult : class, IFunctionOutputDTO, new() =>
        (TResult)StrictDecoder.Decode(typeof(TResult), data.Span, "results");

    /// <summary>
    /// The arguments of an error with its selector in front, as an object of that type; null when the data
    /// is another error's or not canonical.
    /// </summary>
    public static object? TryDecodeError(Type error, ReadOnlyMemory<byte> data) =>
        TryDecode(error, KnownErrors.SelectorOf(error), data);

    /// <summary>
    /// The arguments in calldata that anyone may have written; null when the bytes are no canonical call of
    /// this function.
    /// </summary>
    public static TFunction? TryDecodeCall<TFunction>(ReadOnlyMemory<byte> data)
        where TFunction : FunctionMessage, new() =>
        TryDecode(
            typeof(TFunction), ABITypedRegistry.GetFunctionABI<TFunction>().Sha3Signature, data)
            as TFunction;

    /// <summary>The name of a call's function, without its parameters.</summary>
    public static string NameOf(FunctionMessage call) => FunctionAttribute.GetAttribute(call.GetType()).Name;

    /// <summary>The first topic of every log entry of this event.</summary>
    public static Bytes32 TopicOf<TEvent>()
        where TEvent : class, IEventDTO, new() =>
        Bytes32.Parse("0x" + EventOf<TEvent>().Sha3Signature);

    /// <summary>Whether a log entry is one of this event, by its topics.</summary>
    public static bool Matches<TEvent>(LogEntry log)
        where TEvent : class, IEventDTO, new() =>
        log.Topics.Count == 1 + EventOf<TEvent>().InputParameters.Count(each => each.Indexed)
            && log.Topics[0] == TopicOf<TEvent>();

    /// <summary>
    /// The arguments of an event. Throws <see cref="ChainException"/> when the entry is not of this event or
    /// not canonical.
    /// </summary>
    public static TEvent DecodeEvent<TEvent>(LogEntry log)
        where TEvent : class, IEventDTO, new()
    {
        if (!Matches<TEvent>(log))
        {
            throw Bad($"A log entry is not of the event {EventOf<TEvent>().Name}.");
        }

        StrictDecoder.RequireFitting(AbiLayout.OfEventData(typeof(TEvent)), log.Data.Span);
        object[] topics = [.. log.Topics.Select(topic => topic.ToString())];
        TEvent decoded = StrictDecoder.Guard(
            () => new EventTopicDecoder().DecodeTopics<TEvent>(topics, Convert.ToHexString(log.Data.Span)));
        List<ParameterAttributeValue> values = ValuesOf(decoded);
        byte[] plain = Encode(values.Where(each => !each.ParameterAttribute.Parameter.Indexed));
        bool isCanonical = plain.AsSpan().SequenceEqual(log.Data.Span)
            && values
                .Where(each => each.ParameterAttribute.Parameter.Indexed)
                .Select(each => Encode([each]))
                .SequenceEqual(log.Topics.Skip(1).Select(topic => topic.ToArray()), BytesComparer.Instance);
        return isCanonical ? decoded : throw NotCanonical($"The log entry {EventOf<TEvent>().Name}");
    }

    private static object? TryDecode(Type type, string selector, ReadOnlyMemory<byte> data) =>
        data.Span.StartsWith(Convert.FromHexString(selector))
            ? StrictDecoder.TryDecode(type, data.Span[SelectorBytes..])
            : null;

    private static List<ParameterAttributeValue> ValuesOf(object decoded) =>
        [.. new ParametersEncoder()
            .GetParameterAttributeValues(decoded.GetType(), decoded)
            .OrderBy(each => each.ParameterAttribute.Order)];

    private static byte[] Encode(IEnumerable<ParameterAttributeValue> values)
    {
        ParameterAttributeValue[] all = [.. values];
        return StrictDecoder.Guard(() => new ParametersEncoder().EncodeParameters(
            [.. all.Select(each => each.ParameterAttribute.Parameter)], [.. all.Select(each => each.Value)]));
    }

    private static EventABI EventOf<TEvent>()
        where TEvent : class, IEventDTO, new() => ABITypedRegistry.GetEvent<TEvent>();

    private static ChainException NotCanonical(string what) =>
        Bad(StrictDecoder.NotCanonical(what));

    private static ChainException Bad(string message) => new(ChainFailure.Abi, message);

    private sealed class BytesComparer : IEqualityComparer<byte[]>
    {
        internal static BytesComparer Instance { get; } = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => obj.Length;
    }
}
