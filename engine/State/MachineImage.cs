using System.Numerics;
using Culverin.Versions;

namespace Culverin.State;

/// <summary>
/// A whole machine at rest: what a loader makes, what a state file holds, what a machine runs.
/// </summary>
/// <remarks>Whoever holds the image disposes it; a machine made from it takes it over.</remarks>
internal abstract class MachineImage : IDisposable
{
    private protected MachineImage(FeatureSet features, GuestMemory memory)
    {
        Features = features;
        Memory = memory;
    }

    /// <summary>The version's rules.</summary>
    public FeatureSet Features { get; }

    /// <summary>The guest's memory.</summary>
    public GuestMemory Memory { get; }

    /// <summary>Steps executed since the program's start, modulo 2^64.</summary>
    public abstract ulong Step { get; }

    /// <summary>Whether the guest has ended.</summary>
    public abstract bool Exited { get; }

    /// <summary>The guest's exit code; meaningful once <see cref="Exited"/>.</summary>
    public abstract byte ExitCode { get; }

    /// <summary>Address of the instruction to execute next.</summary>
    public abstract ulong ProgramCounter { get; }

    /// <summary>
    /// The hashes of all present pages, if they are known; whoever takes them in sets it to null, since they
    /// are out of date with the first step.
    /// </summary>
    internal PageRoots? KnownRoots { get; set; }

    /// <summary>Makes an image with everything zero and, where the version has threads, one thread.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.UnsupportedVersion"/>.</exception>
    public static MachineImage CreateEmpty(StateVersion version) =>
        FeatureSet.Of(version).WordBits == 32 ? CreateEmpty32(version) : CreateEmpty64(version);

    /// <summary>As <see cref="CreateEmpty"/>, for a version with 32-bit words.</summary>
    public static MachineImage<uint> CreateEmpty32(StateVersion version) =>
        new(new FlatMemory(), WithFirstThread(new MachineState<uint>(version)));

    /// <summary>As <see cref="CreateEmpty"/>, for a version with 64-bit words.</summary>
    public static MachineImage<ulong> CreateEmpty64(StateVersion version) =>
        new(new SparseMemory(), WithFirstThread(new MachineState<ulong>(version)));

    /// <summary>The witness of the state with a memory root of 32 bytes.</summary>
    internal abstract byte[] MakeWitness(ReadOnlySpan<byte> memoryRoot);

    private static MachineState<TWord> WithFirstThread<TWord>(MachineState<TWord> state)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        if (state.Threads is { } threads)
        {
            threads.Left.Push(new ThreadState<TWord>());
            threads.NextThreadId = TWord.One;
            threads.LoadActive();
        }

        return state;
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        Memory.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>A machine at rest with words of one size.</summary>
/// <typeparam name="TWord">uint or ulong.</typeparam>
internal sealed class MachineImage<TWord> : MachineImage
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    internal MachineImage(GuestMemory memory, MachineState<TWord> state)
        : base(state.Features, memory) => State = state;

    /// <summary>Everything but memory.</summary>
    public MachineState<TWord> State { get; }

    /// <inheritdoc/>
    public override ulong Step => State.Step;

    /// <inheritdoc/>
    public override bool Exited => State.Exited;

    /// <inheritdoc/>
    public override byte ExitCode => State.ExitCode;

    // SAFETY: the state's native block lives until the image is disposed.
    /// <inheritdoc/>
    public override unsafe ulong ProgramCounter => ulong.CreateTruncating(State.Cpu->Pc);

    /// <inheritdoc/>
    internal override byte[] MakeWitness(ReadOnlySpan<byte> memoryRoot) => Witness.Of(State, memoryRoot);

    /// <inheritdoc/>
    public override void Dispose()
    {
        State.Dispose();
        base.Dispose();
    }
}
