using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using Culverin.Commit;
using Culverin.Execute;
using Culverin.Primitives;

namespace Culverin.Prove;

/// <summary>
/// A step's world as the contract sees it: no memory but one leaf for the instruction and one for the access,
/// each worth exactly what its proof is.
/// </summary>
/// <typeparam name="TWord">uint or ulong.</typeparam>
internal sealed class ReplayAccess<TWord> : IStateAccess<TWord>
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    private const int LeafMask = 31;
    private const int NoAccess = 0;

    private readonly byte[] _proofData;
    private readonly int _proofSizeBytes;
    private readonly OracleData? _oracle;
    private readonly byte[] _root;
    private TWord _lastAddress;
    private int _accessCount;

    /// <summary>Makes the world of one step.</summary>
    /// <param name="memoryRoot">32 bytes.</param>
    /// <param name="memoryProofs">The proof of the instruction, then one for each memory access.</param>
    /// <param name="proofSizeBytes">Bytes of each proof.</param>
    /// <param name="oracle">The pre-image part at hand; null for none.</param>
    public ReplayAccess(
        ReadOnlySpan<byte> memoryRoot, byte[] memoryProofs, int proofSizeBytes, OracleData? oracle)
    {
        _root = memoryRoot.ToArray();
        _proofData = memoryProofs;
        _proofSizeBytes = proofSizeBytes;
        _oracle = oracle;
    }

    /// <summary>The memory root, after the step's write if there was one.</summary>
    public ReadOnlySpan<byte> Root => _root;

    public uint Fetch(TWord address)
    {
        ReadOnlySpan<byte> leaf = CheckedLeaf(ulong.CreateTruncating(address), 0, "instruction");
        return BinaryPrimitives.ReadUInt32BigEndian(leaf[(int.CreateTruncating(address) & LeafMask)..]);
    }

    public TWord LoadWord(TWord address)
    {
        if (_accessCount == NoAccess || address != _lastAddress)
        {
            _accessCount++;
            _lastAddress = address;
        }

        ReadOnlySpan<byte> leaf = CheckedLeaf(ulong.CreateTruncating(address), ProofStart, "memory");
        return TWord.ReadBigEndian(
            leaf.Slice(int.CreateTruncating(address) & LeafMask, Unsafe.SizeOf<TWord>()), true);
    }

    public void StoreWord(TWord address, TWord value)
    {
        Span<byte> leaf = stackalloc byte[Keccak256.DigestSizeBytes];
        _proofData.AsSpan(ProofStart, leaf.Length).CopyTo(leaf);
        _ = value.WriteBigEndian(leaf[(int.CreateTruncating(address) & LeafMask)..]);
        MemoryProof.ComputeRoot(ulong.CreateTruncating(address), leaf, Siblings(ProofStart), _root);
    }

    public int ReadPreimage(ReadOnlySpan<byte> key, TWord offset, Span<byte> target)
    {
        ulong from = ulong.CreateTruncating(offset);
        if (_oracle is null || !key.SequenceEqual(_oracle.Key) || from != _oracle.Offset)
        {
            throw Rejected(
                $"the step reads pre-image 0x{Convert.ToHexStringLower(key)} at offset {from}, "
                    + (_oracle is null
                        ? "but the proof carries none"
                        : "but the proof carries another part"));
        }

        ReadOnlySpan<byte> rest = _oracle.Rest;
        int count = Math.Min(rest.Length, target.Length);
        rest[..count].CopyTo(target);
        return count;
    }

    // The contract has neither output nor hints; both leave no trace in the witness.
    public void WriteOutput(int descriptor, TWord address, TWord count)
    {
    }

    public void WriteHint(TWord address, TWord count)
    {
    }

    // Each address that the step accesses has its own proof, in the order of first access.
    private int ProofStart => _accessCount * _proofSizeBytes;

    private static CulverinException Rejected(string why) =>
        new(ErrorCode.ProofRejected, $"The proof does not fit its state: {why}.");

    private ReadOnlySpan<byte> Siblings(int proofStart) => _proofData.AsSpan(
        proofStart + Keccak256.DigestSizeBytes, _proofSizeBytes - Keccak256.DigestSizeBytes);

    private ReadOnlySpan<byte> CheckedLeaf(ulong guestAddress, int proofStart, string what)
    {
        if (proofStart + _proofSizeBytes > _proofData.Length)
        {
            throw Rejected($"the step accesses memory at 0x{guestAddress:x}, for which there is no proof");
        }

        ReadOnlySpan<byte> leaf = _proofData.AsSpan(proofStart, Keccak256.DigestSizeBytes);
        Span<byte> root = stackalloc byte[Keccak256.DigestSizeBytes];
        MemoryProof.ComputeRoot(guestAddress, leaf, Siblings(proofStart), root);
        if (!root.SequenceEqual(_root))
        {
            throw Rejected(
                $"the {what} proof for address 0x{guestAddress:x} does not lead to the memory root");
        }

        return leaf;
    }
}
