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
    private const uint NestedSelector = 0xf00364b1;
    private const int NestingMax = 4;

    private static readonly AbiType ErrorArguments = AbiType.Parse("(string)");
    private static readonly AbiType PanicArguments = AbiType.Parse("(uint256)");
    private static readonly AbiType NestedArguments = AbiType.Parse("(bytes)");

    private RevertReason(
        ReadOnlyMemory<byte> data,
        string? name,
        IReadOnlyList<AbiValue> arguments,
        string text,
        string? hint)
    {
        Data = data;
        Name = name;
        Arguments = arguments;
        Text = text;
        Hint = hint;
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

    /// <summary>The usual cause of this error, in a few words; null when it is not known.</summary>
    public string? Hint { get; }

    /// <summary>
    /// Decodes revert data with the custom errors of these contracts, and with those that are known of the
    /// rollup's contracts; never throws.
    /// </summary>
    public static RevertReason Decode(
        ReadOnlyMemory<byte> data, params ReadOnlySpan<ContractAbi> contracts) => Decode(data, 0, contracts);

    /// <summary>The text, and the hint in brackets where there is one.</summary>
    public override string ToString() => Hint is null ? Text : $"{Text} ({Hint})";

    private static RevertReason Decode(
        ReadOnlyMemory<byte> data, int depth, ReadOnlySpan<ContractAbi> contracts)
    {
        if (data.Length < AbiFunction.SelectorBytes)
        {
            return Unknown(data);
        }

        ReadOnlyMemory<byte> rest = data[AbiFunction.SelectorBytes..];
        uint selector = BinaryPrimitives.ReadUInt32BigEndian(data.Span);
        if (selector == ErrorSelector && TryDecode(ErrorArguments, rest) is { } message)
        {
            string printable = JsonRpcError.Printable(message[0].AsText());
            return new RevertReason(data, "Error", message, printable, RevertHints.ForText(printable));
        }

        if (selector == PanicSelector && TryDecode(PanicArguments, rest) is { } panic)
        {
            return new RevertReason(data, "Panic", panic, PanicText(panic[0].AsInteger()), null);
        }

        if (FromNested(data, contracts, depth) is { } nested)
        {
            return nested;
        }

        foreach (ContractAbi contract in contracts)
        {
            if (FromErrors(data, contract.Errors) is { } reason)
            {
                return reason;
            }
        }

        return FromErrors(data, RevertHints.KnownErrors) ?? Unknown(data);
    }

    private static RevertReason? FromErrors(ReadOnlyMemory<byte> data, IReadOnlyList<AbiFunction> errors)
    {
        AbiFunction? error = errors.FirstOrDefault(candidate =>
            candidate.Selector.SequenceEqual(data.Span[..AbiFunction.SelectorBytes]));
        if (error is null
            || TryDecode(error.Inputs, data[AbiFunction.SelectorBytes..]) is not { } arguments)
        {
            return null;
        }

        string text = JsonRpcError.Printable($"{error.Name}({string.Join(", ", arguments)})");
        return new RevertReason(data, error.Name, arguments, text, RevertHints.ForError(error.Name));
    }

    // A module's ExecutionFailed declares a text and carries the revert data of the call within.
    private static RevertReason? FromNested(
        ReadOnlyMemory<byte> data, ReadOnlySpan<ContractAbi> contracts, int depth)
    {
        if (BinaryPrimitives.ReadUInt32BigEndian(data.Span) != NestedSelector
            || depth == NestingMax
            || TryDecode(NestedArguments, data[AbiFunction.SelectorBytes..]) is not { } arguments)
        {
            return null;
        }

        RevertReason inner = Decode(arguments[0].AsBytes(), depth + 1, contracts);
        string text = JsonRpcError.Printable($"ExecutionFailed: {inner.Text}");
        return new RevertReason(
            data, "ExecutionFailed", arguments, text, inner.Hint ?? RevertHints.ForError("ExecutionFailed"));
    }

    private static RevertReason Unknown(ReadOnlyMemory<byte> data)
    {
        string text = data.IsEmpty
            ? "reverted without a reason"
            : "unknown revert data " + JsonRpcError.Printable(Hex.Format(data.Span));
        return new RevertReason(data, null, [], text, null);
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
