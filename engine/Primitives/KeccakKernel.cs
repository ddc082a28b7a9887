using Culverin.X64;

namespace Culverin.Primitives;

/// <summary>
/// Keccak-256 of several inputs of 64 bytes side by side, as machine code written at run time: a portable
/// native executable is compiled for processors without wide vectors, so its compiler cannot.
/// </summary>
internal sealed unsafe class KeccakKernel
{
    private const int CodeSizeBytes = 8192;

    // SAFETY: the code memory is kept as long as the kernel, which is as long as the process.
    private readonly CodeMemory _memory;
    private readonly delegate* unmanaged<ulong*, ulong*, void> _hash;

    private KeccakKernel(CodeMemory memory, int width, int blockSizeBytes, Action<Assembler> write)
    {
        _memory = memory;
        Width = width;
        BlockSizeBytes = blockSizeBytes;
        write(new Assembler(memory.Writable, memory.LengthBytes));
        _hash = (delegate* unmanaged<ulong*, ulong*, void>)memory.Executable;
    }

    /// <summary>States side by side.</summary>
    public int Width { get; }

    /// <summary>Bytes of the block that <see cref="Hash"/> works on.</summary>
    public int BlockSizeBytes { get; }

    /// <summary>The kernel for four states, where processor and system allow it; null where not.</summary>
    public static KeccakKernel? TryCreateFourWay() => HostProcessor.HasAvx2
        ? TryCreate(FourWayKeccakCode.Width, FourWayKeccakCode.BlockSizeBytes, FourWayKeccakCode.Write)
        : null;

    /// <summary>The kernel for eight states, where processor and system allow it; null where not.</summary>
    public static KeccakKernel? TryCreateEightWay() => HostProcessor.HasAvx512
        ? TryCreate(EightWayKeccakCode.Width, EightWayKeccakCode.BlockSizeBytes, EightWayKeccakCode.Write)
        : null;

    /// <summary>Whether a lane of the first state holds input or padding; the others are zero.</summary>
    public static bool IsGiven(int lane) => lane is <= Keccak256.PairLanes or Keccak256.RateLanes - 1;

    /// <summary>Hashes the inputs.</summary>
    /// <param name="lanes">
    /// <see cref="BlockSizeBytes"/> bytes: lane i of state k is element i × <see cref="Width"/> + k. The
    /// lanes that are given must be there; the digests replace the first four, and the others are scratch.
    /// </param>
    /// <param name="constants">The 24 round constants.</param>
    public void Hash(ulong* lanes, ulong* constants)
    {
        _hash(lanes, constants);
        GC.KeepAlive(_memory);
    }

    private static KeccakKernel? TryCreate(int width, int blockSizeBytes, Action<Assembler> write) =>
        CodeMemory.TryCreate(CodeSizeBytes, out _) is { } memory
            ? new KeccakKernel(memory, width, blockSizeBytes, write)
            : null;
}
