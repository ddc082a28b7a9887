using System.Numerics;
using System.Runtime.InteropServices;
using Culverin.Versions;

namespace Culverin.State;

/// <summary>
/// Everything a state witness commits to except memory, and the one thing a state file holds beyond it (the
/// hint bytes not yet complete). Execution, proving, verification and files all work on this one type.
/// </summary>
/// <typeparam name="TWord">uint for MIPS32, ulong for MIPS64.</typeparam>
/// <remarks>One thread at a time. Dispose releases the native block that holds the registers.</remarks>
internal sealed unsafe class MachineState<TWord> : IDisposable
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    /// <summary>Bytes in a pre-image key.</summary>
    public const int KeySizeBytes = 32;

    /// <summary>
    /// Bytes of the native block: the registers come first, the rest belongs to the execution engine, which
    /// so reaches its own fields from the same base register.
    /// </summary>
    public const int NativeBlockSizeBytes = 8192;

    private readonly byte[] _preimageKey = new byte[KeySizeBytes];
    private CpuState<TWord>* _cpu;

    /// <summary>Makes a state with everything zero and, where the version has threads, none yet.</summary>
    public MachineState(StateVersion version)
    {
        Features = FeatureSet.Of(version);
        _cpu = (CpuState<TWord>*)NativeMemory.AlignedAlloc(NativeBlockSizeBytes, 64);
        NativeMemory.Clear(_cpu, NativeBlockSizeBytes);
        Threads = Features.HasThreads ? new ThreadTable<TWord>(_cpu) : null;
    }

    /// <summary>Releases the native block if <see cref="Dispose"/> was forgotten.</summary>
    ~MachineState() => Release();

    /// <summary>The rules and file layout that apply.</summary>
    public FeatureSet Features { get; }

    /// <summary>The version byte.</summary>
    public StateVersion Version => Features.Version;

    /// <summary>The threads; null in single-threaded versions.</summary>
    public ThreadTable<TWord>? Threads { get; }

    /// <summary>The registers; valid until <see cref="Dispose"/>.</summary>
    public CpuState<TWord>* Cpu => _cpu;

    /// <summary>Key of the pre-image being read, 32 bytes.</summary>
    public Span<byte> PreimageKey => _preimageKey;

    /// <summary>Next byte to read of the pre-image; counts its 8-byte length prefix.</summary>
    public TWord PreimageOffset { get; set; }

    /// <summary>Address that the next mmap without a hint returns.</summary>
    public TWord Heap { get; set; }

    /// <summary>The guest's exit code; meaningful once <see cref="Exited"/>.</summary>
    public byte ExitCode { get; set; }

    /// <summary>Whether the guest has ended; such a state never changes again.</summary>
    public bool Exited { get; set; }

    /// <summary>Steps executed since the program's start.</summary>
    public ulong Step { get; set; }

    /// <summary>Bytes written to the hint descriptor that do not yet make a whole hint.</summary>
    public byte[] LastHint { get; set; } = [];

    /// <summary>Becomes equal to another state of the same version, whose threads it takes over.</summary>
    internal void TakeOver(MachineState<TWord> other)
    {
        other._preimageKey.CopyTo(_preimageKey, 0);
        PreimageOffset = other.PreimageOffset;
        Heap = other.Heap;
        ExitCode = other.ExitCode;
        Exited = other.Exited;
        Step = other.Step;
        LastHint = other.LastHint;
        if (Threads is { } threads)
        {
            threads.TakeOver(other.Threads!);
        }
        else
        {
            *_cpu = *other._cpu;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        CpuState<TWord>* cpu = _cpu;
        _cpu = null;
        NativeMemory.AlignedFree(cpu);
    }
}
