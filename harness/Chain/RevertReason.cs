using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Culverin.Harness.Chain;

/// <summary>
/// Why a call reverted, decoded from its revert data: the built-in <c>Error(string)</c> and
/// <c>Panic(uint256)</c>, or a custom error of one of the given contracts. Data that fits none has no <see
/// cref="Name"/>.
/// </summary>
public sealed class RevertReason
{
    private const uint ErrorSelector = 0x08c379a0;
    private const uint PanicSelector = 0x4e487b71;

    private static readonly AbiType ErrorArguments = AbiType.Parse("(string)");
    private static readonly AbiType PanicArguments = AbiType.Parse("(uint256)");

    private RevertReason(
        ReadOnlyMemory<byte> data, string? name, IReadOnlyList<AbiValue> arguments, string text)
    {
        Data = data;
        Name = name;
        Arguments = arguments;
        Text = text;
    }

    /// <summary>The revert data as the node gave it.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>"Error", "Panic" or the custom error's name; null when the data fits none.</summary>
    public string? Name { get; }

    /// <summary>The error's arguments; empty when the data fits none.</summary>
    public IReadOnlyList<AbiValue> Arguments { get; }

    /// <summary>
    /// The reason for a person: the message of an Error, the meaning of a Panic, else name and arguments.
    /// </summary>
    public string Text { get; }

    /// <summary>Decodes revert data with the custom errors of these contracts; never throws.</summary>
    public static RevertReason Decode(ReadOnlyMemory<byte> data, params ReadOnlySpan<ContractAbi> contracts)
    {
        if (data.Length < AbiFunction.SelectorBytes)
        {
            return Unknown(data);
        }

        ReadOnlyMemory<byte> rest = data[AbiFunction.SelectorBytes..];
        uint selector = BinaryPrimitives.ReadUInt32BigEndian(data.Span);
        if (selector == ErrorSelector && TryDecode(ErrorArguments, rest) is { } message)
        {
            return new RevertReason(data, "Error", message, JsonRpcError.Printable(message[0].AsText()));
        }

        if (selector == PanicSelector && TryDecode(PanicArguments, rest) is { } panic)
        {
            return new RevertReason(data, "Panic", panic, PanicText(panic[0].AsInteger()));
        }

        foreach (ContractAbi contract in contracts)
        {
            AbiFunction? error = contract.Errors.FirstOrDefault(candidate =>
                candidate.Selector.SequenceEqual(data.Span[..AbiFunction.SelectorBytes]));
            if (error is not null && TryDecode(error.Inputs, rest) is { } arguments)
            {
                string text = JsonRpcError.Printable($"{error.Name}({string.Join(", ", arguments)})");
                return new RevertReason(data, error.Name, arguments, text);
            }
        }

        return Unknown(data);
    }

    /// <summary>The text.</summary>
    public override string ToString() => Text;

    private static RevertReason Unknown(ReadOnlyMemory<byte> data)
    {
        string text = data.IsEmpty
            ? "reverted without a reason"
            : "unknown revert data " + JsonRpcError.Printable(Hex.Format(data.Span));
        return new RevertReason(data, null, [], text);
    }

    private static IReadOnlyList<AbiValue>? TryDecode(AbiType type, ReadOnlyMemory<byte> data)
    {
        try
        {
            return AbiDecoder.Decode(type, data);
        }
        catch (ChainException)
        {
            // Another contract may use the same four bytes for something else.
            return null;
        }
    }

    // The codes that the Solidity compiler puts into its own checks.
    private static string PanicText(BigInteger code) => code <= 0x51 ? (int)code switch
    {
        0x01 => "Panic(0x01): assertion failed",
        0x11 => "Panic(0x11): arithmetic overflow or underflow",
        0x12 => "Panic(0x12): division by zero",
        0x21 => "Panic(0x21): no such enum value",
        0x22 => "Panic(0x22): storage byte array wrongly encoded",
        0x31 => "Panic(0x31): pop from an empty array",
        0x32 => "Panic(0x32): index out of bounds",
        0x41 => "Panic(0x41): too much memory",
        0x51 => "Panic(0x51): call of an unset function",
        _ => $"Panic({Hex.FormatQuantity(code)})",
    }
    : $"Panic({Hex.FormatQuantity(code)})";
}
