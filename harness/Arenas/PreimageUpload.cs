using System;
using System.Buffers.Binary;
using System.Numerics;
using Culverin.Harness.Chain;

namespace Culverin.Harness.Arenas;

/// <summary>The calls that put parts of pre-images into an oracle, by the kind of their key.</summary>
internal static class PreimageUpload
{
    private const int CommitmentBytes = 48;
    private const int BlobEvidenceBytes = CommitmentBytes + Bytes32.SizeBytes + CommitmentBytes;

    // Offset, address, gas, input; older oracles have no gas.
    private const int PrecompileArgumentsWithGas = 4;

    /// <summary>
    /// The calldata that uploads a part. Throws <see cref="ChainException"/> when the part is malformed.
    /// </summary>
    public static byte[] Encode(ContractAbi oracle, PreimagePart part)
    {
        long dataBytes = part.Value.Length - PreimageKey.PrefixBytes;
        if (dataBytes < 0 || BinaryPrimitives.ReadUInt64BigEndian(part.Value.Span) != (ulong)dataBytes)
        {
            throw new ChainException(
                ChainFailure.Abi, $"The value of pre-image {part.Key} does not start with its own length.");
        }

        ReadOnlyMemory<byte> data = part.Value[PreimageKey.PrefixBytes..];
        ulong offset = part.Offset;
        return PreimageKey.TypeOf(part.Key) switch
        {
            PreimageKeyType.Local => EncodeLocal(oracle, part, data.Span),
            PreimageKeyType.Keccak256 => oracle.Function("loadKeccak256PreimagePart").Encode(offset, data),
            PreimageKeyType.Sha256 => oracle.Function("loadSha256PreimagePart").Encode(offset, data),
            PreimageKeyType.Blob => EncodeBlob(oracle, part, data.Span),
            PreimageKeyType.Precompile => EncodePrecompile(oracle, part),
            _ => throw new ChainException(
                ChainFailure.Abi, $"Pre-image {part.Key} is of no kind the oracle knows."),
        };
    }

    private static byte[] EncodeLocal(ContractAbi oracle, PreimagePart part, ReadOnlySpan<byte> data)
    {
        if (data.Length > Bytes32.SizeBytes)
        {
            throw new ChainException(
                ChainFailure.Abi,
                $"Local pre-image {part.Key} has {data.Length} bytes; the oracle takes at most 32.");
        }

        Span<byte> word = stackalloc byte[Bytes32.SizeBytes];
        word.Clear();
        data.CopyTo(word);
        BigInteger identifier = new(part.Key.ToArray().AsSpan(1), isUnsigned: true, isBigEndian: true);
        return oracle.Function("loadLocalData")
            .Encode(identifier, part.LocalContext, new Bytes32(word), data.Length, (ulong)part.Offset);
    }

    private static byte[] EncodeBlob(ContractAbi oracle, PreimagePart part, ReadOnlySpan<byte> data)
    {
        ReadOnlyMemory<byte> evidence = part.Evidence;
        if (evidence.Length != BlobEvidenceBytes || data.Length != Bytes32.SizeBytes)
        {
            throw new ChainException(
                ChainFailure.Abi,
                $"Blob pre-image {part.Key} needs {BlobEvidenceBytes} bytes of evidence and 32 of value.");
        }

        ReadOnlySpan<byte> z = evidence.Span.Slice(CommitmentBytes, Bytes32.SizeBytes);
        return oracle.Function("loadBlobPreimagePart").Encode(
            new BigInteger(z, isUnsigned: true, isBigEndian: true),
            new BigInteger(data, isUnsigned: true, isBigEndian: true),
            evidence[..CommitmentBytes],
            evidence[^CommitmentBytes..],
            (ulong)part.Offset);
    }

    private static byte[] EncodePrecompile(ContractAbi oracle, PreimagePart part)
    {
        AbiFunction load = oracle.Function("loadPrecompilePreimagePart");
        bool namesGas = load.Inputs.Components.Count == PrecompileArgumentsWithGas;
        int gasBytes = namesGas ? sizeof(ulong) : 0;
        ReadOnlyMemory<byte> evidence = part.Evidence;
        if (evidence.Length < Address.SizeBytes + gasBytes)
        {
            throw new ChainException(
                ChainFailure.Abi,
                $"Precompile pre-image {part.Key} needs the precompile's address"
                    + $"{(namesGas ? ", gas" : "")} and input as evidence.");
        }

        Address precompile = new(evidence.Span[..Address.SizeBytes]);
        ReadOnlyMemory<byte> input = evidence[(Address.SizeBytes + gasBytes)..];
        return namesGas
            ? load.Encode(
                (ulong)part.Offset,
                precompile,
                BinaryPrimitives.ReadUInt64BigEndian(evidence.Span[Address.SizeBytes..]),
                input)
            : load.Encode((ulong)part.Offset, precompile, input);
    }
}
