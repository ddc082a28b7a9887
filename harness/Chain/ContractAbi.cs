using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace Culverin.Harness.Chain;

/// <summary>
/// The functions, constructor, events and custom errors of a contract, read from a compiler's ABI JSON.
/// </summary>
public sealed class ContractAbi
{
    private static readonly AbiType NoParameters = AbiType.TupleOf([]);

    private readonly List<AbiFunction> _functions = [];
    private readonly List<AbiFunction> _errors = [];
    private readonly List<AbiEvent> _events = [];

    private ContractAbi()
    {
    }

    /// <summary>The constructor's parameters; empty when the contract has no constructor.</summary>
    public AbiType Constructor { get; private set; } = NoParameters;

    /// <summary>All functions, overloads included.</summary>
    public IReadOnlyList<AbiFunction> Functions => _functions;

    /// <summary>All custom errors that the compiler listed.</summary>
    public IReadOnlyList<AbiFunction> Errors => _errors;

    /// <summary>All events.</summary>
    public IReadOnlyList<AbiEvent> Events => _events;

    /// <summary>Reads an ABI JSON array; throws <see cref="ChainException"/> when it is malformed.</summary>
    public static ContractAbi Read(JsonElement abi)
    {
        if (abi.ValueKind != JsonValueKind.Array)
        {
            throw new ChainException(ChainFailure.Artifact, "A contract's ABI must be a JSON array.");
        }

        ContractAbi result = new();
        foreach (JsonElement entry in abi.EnumerateArray())
        {
            if (entry.ValueKind != JsonValueKind.Object
                || !entry.TryGetProperty("type", out JsonElement type))
            {
                throw new ChainException(ChainFailure.Artifact, "An entry of a contract's ABI has no type.");
            }

            switch (JsonText.Read(type))
            {
                case "constructor":
                    result.Constructor = ReadTuple(entry, "inputs");
                    break;
                case "function":
                    result._functions.Add(ReadFunction(entry));
                    break;
                case "error":
                    result._errors.Add(ReadFunction(entry));
                    break;
                case "event":
                    result._events.Add(ReadEvent(entry));
                    break;
                default:
                    // Fallback and receive take no part in calls.
                    break;
            }
        }

        return result;
    }

    /// <summary>
    /// The function of this name, or of this signature where the name has overloads. Throws
    /// <see cref="ChainException"/> when there is none or the name alone is ambiguous.
    /// </summary>
    public AbiFunction Function(string nameOrSignature)
    {
        bool bySignature = nameOrSignature.Contains('(', StringComparison.Ordinal);
        AbiFunction[] found = [.. _functions.Where(function =>
            (bySignature ? function.Signature : function.Name) == nameOrSignature)];
        return found.Length switch
        {
            1 => found[0],
            0 => throw new ChainException(
                ChainFailure.Abi, $"The contract has no function '{nameOrSignature}'."),
            _ => throw new ChainException(
                ChainFailure.Abi,
                $"Say which of {string.Join(", ", found.Select(each => each.Signature))} is meant."),
        };
    }

    /// <summary>
    /// The event of this name; throws <see cref="ChainException"/> unless there is exactly one.
    /// </summary>
    public AbiEvent Event(string name)
    {
        AbiEvent[] found = [.. _events.Where(each => each.Name == name)];
        return found.Length == 1
            ? found[0]
            : throw new ChainException(
                ChainFailure.Abi, $"The contract has {found.Length} events called '{name}'.");
    }

    /// <summary>
    /// Reads one of the ABIs that the harness brings along for contracts whose package has none: a file of
    /// harness/contracts/abi, part of this assembly.
    /// </summary>
    internal static ContractAbi OwnFile(string contract)
    {
        using Stream file = typeof(ContractAbi).Assembly.GetManifestResourceStream($"abi/{contract}.json")
            ?? throw new ChainException(
                ChainFailure.Artifact, $"The harness brings no ABI of the contract {contract}.");
        using JsonDocument json = JsonDocument.Parse(file);
        return Read(json.RootElement);
    }

    private static AbiFunction ReadFunction(JsonElement entry) =>
        new(ReadName(entry), ReadTuple(entry, "inputs"), ReadTuple(entry, "outputs"));

    private static AbiEvent ReadEvent(JsonElement entry)
    {
        AbiType inputs = ReadTuple(entry, "inputs");
        bool[] isIndexed = inputs.Components.Count == 0
            ? []
            : [.. entry.GetProperty("inputs").EnumerateArray().Select(input =>
                input.TryGetProperty("indexed", out JsonElement mark)
                    && mark.ValueKind == JsonValueKind.True)];
        return new AbiEvent(ReadName(entry), inputs, isIndexed);
    }

    private static string ReadName(JsonElement entry) =>
        entry.TryGetProperty("name", out JsonElement element)
            ? JsonText.Read(element)
            : throw new ChainException(
                ChainFailure.Artifact, "A function, event or error of a contract's ABI has no name.");

    private static AbiType ReadTuple(JsonElement entry, string property)
    {
        if (!entry.TryGetProperty(property, out JsonElement list) || list.ValueKind != JsonValueKind.Array)
        {
            return NoParameters;
        }

        return AbiType.TupleOf([.. list.EnumerateArray().Select(entry => AbiType.ReadParameter(entry))]);
    }
}
