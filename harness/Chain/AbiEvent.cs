using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Culverin.Harness.Chain;

/// <summary>
/// An event of a contract: its name, its parameters, and its topic, the Keccak-256 of its signature.
/// </summary>
public sealed class AbiEvent
{
    private readonly AbiType _inputs;
    private readonly AbiType _unindexed;
    private readonly bool[] _isIndexed;

    internal AbiEvent(string name, AbiType inputs, bool[] isIndexed)
    {
        Name = name;
        _inputs = inputs;
        _isIndexed = isIndexed;
        _unindexed = AbiType.TupleOf([.. inputs.Components.Where((_, index) => !isIndexed[index])]);
        Signature = name + inputs.Name;
        Topic = Bytes32.Keccak256(Encoding.UTF8.GetBytes(Signature));
    }

    /// <summary>The bare name.</summary>
    public string Name { get; }

    /// <summary>The name with the canonical parameter types.</summary>
    public string Signature { get; }

    /// <summary>The first topic of every entry of this event.</summary>
    public Bytes32 Topic { get; }

    /// <summary>The parameters, indexed or not, in their order.</summary>
    public IReadOnlyList<AbiParameter> Inputs => _inputs.Components;

    /// <summary>Whether a log entry is one of this event.</summary>
    public bool Matches(LogEntry log) =>
        log.Topics.Count == 1 + _isIndexed.Count(each => each) && log.Topics[0] == Topic;

    /// <summary>
    /// The arguments in the order of <see cref="Inputs"/>. An indexed argument of a type longer than a word
    /// is its hash, as 32 bytes. Throws <see cref="ChainException"/> when the entry is not of this event.
    /// </summary>
    public IReadOnlyList<AbiValue> Decode(LogEntry log)
    {
        if (!Matches(log))
        {
            throw new ChainException(ChainFailure.Abi, $"A log entry is not of the event {Signature}.");
        }

        Queue<AbiValue> plain = new(AbiDecoder.Decode(_unindexed, log.Data));
        Queue<Bytes32> topics = new(log.Topics.Skip(1));
        return
        [
            .. _isIndexed.Select((isIndexed, index) =>
                isIndexed ? FromTopic(Inputs[index], topics.Dequeue()) : plain.Dequeue()),
        ];
    }

    private static AbiValue FromTopic(AbiParameter parameter, Bytes32 topic)
    {
        bool isOneWord = parameter.Type.Kind is AbiKind.UnsignedInteger or AbiKind.SignedInteger
            or AbiKind.Address or AbiKind.Boolean or AbiKind.FixedBytes;
        return isOneWord ? AbiDecoder.Decode(AbiType.TupleOf([parameter]), topic.ToArray())[0] : topic;
    }
}
