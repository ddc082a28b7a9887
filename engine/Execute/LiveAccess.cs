using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using Culverin.Oracle;
using Culverin.State;

namespace Culverin.Execute;

/// <summary>Sees the step's memory access before it happens; a prover takes its proof then.</summary>
internal interface IMemoryObserver
{
    /// <summary>The step is about to access the word at this address, a multiple of the word size.</summary>
    void MemoryAccessed(ulong guestAddress);
}

/// <summary>Takes what the guest writes to its output descriptors.</summary>
public interface IGuestOutput
{
    /// <summary>Takes some bytes; a guest's line may come in several parts.</summary>
    /// <param name="descriptor">1 for standard output, 2 for standard error.</param>
    /// <param name="bytes">What was written; valid during the call only.</param>
    void Write(int descriptor, ReadOnlySpan<byte> bytes);
}

/// <summary>One read of a pre-image by the guest.</summary>
/// <param name="Key">The key, 32 bytes.</param>
/// <param name="Offset">First byte read; counts the length prefix.</param>
/// <param name="Value">The whole pre-image without its length prefix.</param>
internal sealed record PreimageRead(byte[] Key, ulong Offset, byte[] Value)
{
    /// <summary>Bytes of the big-endian length in front of every pre-image.</summary>
    public const int PrefixSizeBytes = 8;
}

/// <summary>The running machine's memory, pre-image oracle and output.</summary>
/// <typeparam name="TWord">uint or ulong.</typeparam>
/// <remarks>One thread at a time. The caller owns all parts.</remarks>
internal sealed class LiveAccess<TWord> : IStateAccess<TWord>
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    /// <summary>
    /// Most bytes that may wait for the end of a hint. The reference has no bound; a guest that announced a
    /// hint of 4 GiB could fill the host's memory.
    /// </summary>
    public const int PendingHintMaxBytes = 64 << 20;

    private const int HintLengthBytes = 4;
    private const int ChunkBytes = 4096;

    private readonly MachineState<TWord> _state;
    private readonly GuestMemory _memory;
    private readonly IPreimageOracle _oracle;
    private readonly IGuestOutput? _output;
    private byte[]? _cachedKey;
    private byte[] _cachedValue = [];

    /// <summary>Joins a machine's parts.</summary>
    public LiveAccess(
        MachineState<TWord> state, GuestMemory memory, IPreimageOracle oracle, IGuestOutput? output)
    {
        _state = state;
        _memory = memory;
        _oracle = oracle;
        _output = output;
    }

    /// <summary>Sees memory accesses; null for nobody.</summary>
    public IMemoryObserver? Observer { get; set; }

    /// <summary>Sees system calls; null for nobody.</summary>
    public ISyscallObserver? SyscallObserver { get; set; }

    /// <summary>The memory whose accesses are watched; null for none.</summary>
    public StopPoints? Stops { get; set; }

    /// <summary>
    /// The watched range that was accessed; whoever wants to know of the next sets it to null before.
    /// </summary>
    public WatchedRange? StoppedBy { get; set; }

    /// <summary>
    /// The last read of a pre-image; whoever wants to know of the next sets it to null before.
    /// </summary>
    public PreimageRead? LastPreimageRead { get; set; }

    /// <summary>How often the oracle was asked; only the last answer is kept, as in the reference.</summary>
    public ulong PreimageRequestCount { get; private set; }

    /// <summary>Bytes of all answers, with their length prefixes.</summary>
    public ulong PreimageTotalBytes { get; private set; }

    /// <inheritdoc/>
    public unsafe void SyscallBegins(SyscallEntry? entry)
    {
        if (SyscallObserver is null)
        {
            return;
        }

        // SAFETY: the state's native block outlives this call.
        CpuState<TWord>* cpu = _state.Cpu;
        ulong Register(int number) => ulong.CreateTruncating(_state.Cpu->Registers[number]);
        SyscallObserver.Begins(new SyscallCall(
            entry,
            Register(2),
            _state.Step,
            ulong.CreateTruncating(cpu->Pc),
            _state.Threads is { } threads ? ulong.CreateTruncating(threads.Active.Id) : 0,
            Register(4),
            Register(5),
            Register(6)));
    }

    /// <inheritdoc/>
    public void SyscallAnswered(TWord result, uint errno) =>
        SyscallObserver?.Answered(ulong.CreateTruncating(result), errno);

    // Every step that can write memory fetches an instruction first, before it changes anything.
    /// <inheritdoc/>
    public uint Fetch(TWord address)
    {
        _memory.RequireWithinLimit();
        return _memory.ReadUInt32(ulong.CreateTruncating(address));
    }

    /// <inheritdoc/>
    public TWord LoadWord(TWord address)
    {
        ulong guestAddress = ulong.CreateTruncating(address);
        Observer?.MemoryAccessed(guestAddress);
        StoppedBy ??= Stops?.Find(guestAddress, Unsafe.SizeOf<TWord>(), isWrite: false);
        return Unsafe.SizeOf<TWord>() == sizeof(uint)
            ? TWord.CreateTruncating(_memory.ReadUInt32(guestAddress))
            : TWord.CreateTruncating(_memory.ReadUInt64(guestAddress));
    }

    /// <inheritdoc/>
    public void StoreWord(TWord address, TWord value)
    {
        ulong guestAddress = ulong.CreateTruncating(address);
        if (Stops is { } stops)
        {
            // Every store has read its word before, which was no read of the program's.
            StoppedBy = StoppedBy is { OnWrite: false } ? null : StoppedBy;
            StoppedBy ??= stops.Find(guestAddress, Unsafe.SizeOf<TWord>(), isWrite: true);
        }

        if (Unsafe.SizeOf<TWord>() == sizeof(uint))
        {
            _memory.WriteUInt32(guestAddress, uint.CreateTruncating(value));
        }
        else
        {
            _memory.WriteUInt64(guestAddress, ulong.CreateTruncating(value));
        }
    }

    /// <inheritdoc/>
    public int ReadPreimage(ReadOnlySpan<byte> key, TWord offset, Span<byte> target)
    {
        if (_cachedKey is null || !key.SequenceEqual(_cachedKey))
        {
            byte[] value = _oracle.GetPreimage(key);
            _cachedKey = key.ToArray();
            _cachedValue = value;
            PreimageRequestCount++;
            PreimageTotalBytes += (ulong)value.Length + PreimageRead.PrefixSizeBytes;
        }

        ulong from = ulong.CreateTruncating(offset);
        LastPreimageRead = new PreimageRead(_cachedKey, from, _cachedValue);
        return CopyWithPrefix(_cachedValue, from, target);
    }

    /// <inheritdoc/>
    public void WriteOutput(int descriptor, TWord address, TWord count)
    {
        if (_output is null)
        {
            return;
        }

        Span<byte> chunk = stackalloc byte[ChunkBytes];
        ulong from = ulong.CreateTruncating(address);
        ulong left = ulong.CreateTruncating(count);
        while (left > 0)
        {
            int size = (int)Math.Min(left, ChunkBytes);
            _memory.ReadBytes(from, chunk[..size]);
            _output.Write(descriptor, chunk[..size]);
            from = ulong.CreateTruncating(TWord.CreateTruncating(from + (uint)size));
            left -= (uint)size;
        }
    }

    /// <inheritdoc/>
    public void WriteHint(TWord address, TWord count)
    {
        byte[] pending = _state.LastHint;
        ulong total = ulong.CreateTruncating(count) + (uint)pending.Length;
        if (total > PendingHintMaxBytes)
        {
            throw new CulverinException(
                ErrorCode.LimitExceeded,
                $"The guest's unfinished hint would grow to {total} "
                    + $"bytes; the limit is {PendingHintMaxBytes}.");
        }

        byte[] joined = new byte[(int)total];
        pending.CopyTo(joined, 0);
        _memory.ReadBytes(ulong.CreateTruncating(address), joined.AsSpan(pending.Length));
        int done = 0;
        while (joined.Length - done >= HintLengthBytes)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(joined.AsSpan(done));
            if (length > (uint)(joined.Length - done - HintLengthBytes))
            {
                break;
            }

            _oracle.Hint(joined.AsSpan(done + HintLengthBytes, (int)length));
            done += HintLengthBytes + (int)length;
        }

        _state.LastHint = joined[done..];
    }

    private static int CopyWithPrefix(byte[] value, ulong offset, Span<byte> target)
    {
        Span<byte> prefix = stackalloc byte[PreimageRead.PrefixSizeBytes];
        BinaryPrimitives.WriteUInt64BigEndian(prefix, (ulong)value.Length);
        int copied = 0;
        if (offset < PreimageRead.PrefixSizeBytes)
        {
            ReadOnlySpan<byte> head = prefix[(int)offset..];
            copied = Math.Min(head.Length, target.Length);
            head[..copied].CopyTo(target);
            offset = PreimageRead.PrefixSizeBytes;
        }

        ulong position = offset - PreimageRead.PrefixSizeBytes;
        if (position < (ulong)value.Length)
        {
            ReadOnlySpan<byte> rest = value.AsSpan((int)position);
            int count = Math.Min(rest.Length, target.Length - copied);
            rest[..count].CopyTo(target[copied..]);
            copied += count;
        }

        return copied;
    }
}
