using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Culverin.Primitives;

namespace Culverin.Harness.Chain;

/// <summary>
/// A function or custom error of a contract: its name, its parameters and results, and the selector, the
/// first four bytes of the Keccak-256 of its signature.
/// </summary>
public sealed class AbiFunction
{
    /// <summary>Bytes of a selector.</summary>
    public const int SelectorBytes = 4;

    private readonly byte[] _selector;

    internal AbiFunction(string name, AbiType inputs, AbiType outputs)
    {
        Name = name;
        Inputs = inputs;
        Outputs = outputs;
        Signature = name + inputs.Name;
        Span<byte> hash = stackalloc byte[32];
        Keccak256.Hash(Encoding.UTF8.GetBytes(Signature), hash);
        _selector = hash[..SelectorBytes].ToArray();
    }

    /// <summary>The bare name.</summary>
    public string Name { get; }

    /// <summary>The name with the canonical parameter types: "readPreimage(bytes32,uint256)".</summary>
    public string Signature { get; }

    /// <summary>The parameters as a tuple.</summary>
    public AbiType Inputs { get; }

    /// <summary>The results as a tuple; empty for an error.</summary>
    public AbiType Outputs { get; }

    /// <summary>The four bytes in front of the arguments.</summary>
    public ReadOnlySpan<byte> Selector => _selector;

    /// <summary>The calldata of a call with these arguments.</summary>
    public byte[] Encode(params AbiValue[] arguments) => AbiEncoder.Encode(_selector, Inputs, arguments);

    /// <summary>The results in the data that a call returned.</summary>
    public IReadOnlyList<AbiValue> DecodeOutputs(ReadOnlyMemory<byte> data) =>
        AbiDecoder.Decode(Outputs, data);

    /// <summary>The signature with parameter names, for messages.</summary>
    public override string ToString()
    {
        IEnumerable<string> inputs =
            Inputs.Components.Select(input => $"{input.Type} {input.Name}".TrimEnd());
        return $"{Name}({string.Join(", ", inputs)})";
    }
}
