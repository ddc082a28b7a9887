using System;
using System.Numerics;
using Culverin.Versions;

namespace Culverin.State;

/// <summary>
/// A whole machine at rest: what a loader makes, what a state file holds, what a machine runs.
/// </summary>
/// <remarks>Whoever holds the image disposes it; a machine made from it takes it over.</remarks>
public abstract class MachineImage : IDisposable
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
public sealed class MachineImage<TWord> : MachineImage
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    internal MachineImage(GuestMemory memory, MachineState<TWord> state)
        : base(state.Features, memory) => State = state;

    /// <summary>Everything but memory.</summary>
    public MachineState<TWord> State { get; }

    /// <inheritdoc/>
    public override void Dispose()
    {
        State.Dispose();
        base.Dispose();
    }
}
