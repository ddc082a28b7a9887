using System.Buffers.Binary;
using System.Numerics;
using Culverin.Harness.Contracts;
using Culverin.Harness.Values;
using Culverin.Oracle;
using Nethereum.Contracts;

namespace Culverin.Harness.Arenas.Oracle;

/// <summary>The calls that put parts of pre-images into an oracle, by the kind of their key.</summary>
internal static class PreimageUpload
{
    private const int CommitmentBytes = 48;
    private const int BlobEvidenceBytes = CommitmentBytes + Bytes32.SizeBytes + CommitmentBytes;

    /// <summary>
    /// The calldata that uploads a part. Throws <see cref="ChainException"/> when the part is malformed.
    /// </summary>
    public static byte[] Encode(OracleGeneration oracle, PreimagePart part)
    {
        long dataBytes = part.Value.Length - OracleKey.PrefixBytes;
        if (dataBytes < 0 || BinaryPrimitives.ReadUInt64BigEndian(part.Value.Span) != (ulong)dataBytes)
        {
            throw new ChainException(
                ChainFailure.Abi, $"The value of pre-image {part.Key} does not start with its own length.");
        }

        byte[] data = part.Value[OracleKey.PrefixBytes..].ToArray();
        return ContractCodec.EncodeCall(OracleKey.TypeOf(part.Key) switch
        {
            PreimageKeyType.Local => LoadLocal(part, data),
            PreimageKeyType.Keccak256 => new PreimageOracle.LoadKeccak256PreimagePartFunction
            {
                PartOffset = part.Offset,
                Preimage = data,
            },
            PreimageKeyType.Sha256 => new PreimageOracle.LoadSha256PreimagePartFunction
            {
                PartOffset = part.Offset,
                Preimage = data,
            },
            PreimageKeyType.Blob => LoadBlob(part, data),
            PreimageKeyType.Precompile => LoadPrecompile(oracle, part),
            _ => throw new ChainException(
                ChainFailure.Abi, $"Pre-image {part.Key} is of no kind the oracle knows."),
        });
    }

    private static PreimageOracle.LoadLocalDataFunction LoadLocal(PreimagePart part, ReadOnlySpan<byte> data)
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
        return new PreimageOracle.LoadLocalDataFunction
        {
            Ident = identifier,
            LocalContext = part.LocalContext,
            Word = new Bytes32(word),
            Size = data.Length,
            PartOffset = part.Offset,
        };
    }

    private static PreimageOracle.LoadBlobPreimagePartFunction LoadBlob(
        PreimagePart part, ReadOnlySpan<byte> data)
    {
        ReadOnlyMemory<byte> evidence = part.Evidence;
        if (evidence.Length != BlobEvidenceBytes || data.Length != Bytes32.SizeBytes)
        {
            throw new ChainException(
                ChainFailure.Abi,
                $"Blob pre-image {part.Key} needs {BlobEvidenceBytes} bytes of evidence and 32 of value.");
        }

        ReadOnlySpan<byte> z = evidence.Span.Slice(CommitmentBytes, Bytes32.SizeBytes);
        return new PreimageOracle.LoadBlobPreimagePartFunction
        {
            Z = new BigInteger(z, isUnsigned: true, isBigEndian: true),
            Y = new BigInteger(data, isUnsigned: true, isBigEndian: true),
            Commitment = evidence[..CommitmentBytes].ToArray(),
            Proof = evidence[^CommitmentBytes..].ToArray(),
            PartOffset = part.Offset,
        };
    }

    private static FunctionMessage LoadPrecompile(OracleGeneration oracle, PreimagePart part)
    {
        bool namesGas = oracle == OracleGeneration.Modern;
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
        byte[] input = evidence[(Address.SizeBytes + gasBytes)..].ToArray();
        return namesGas
            ? new ModernPreimageOracle.LoadPrecompilePreimagePartFunction
            {
                PartOffset = part.Offset,
                Precompile = precompile,
                RequiredGas = BinaryPrimitives.ReadUInt64BigEndian(evidence.Span[Address.SizeBytes..]),
                Input = input,
            }
            : new PreimageOracle.LoadPrecompilePreimagePartFunction
            {
                PartOffset = part.Offset,
                Precompile = precompile,
                Input = input,
            };
    }
}
