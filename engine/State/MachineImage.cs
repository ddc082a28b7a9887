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

    /// <summary>Makes an image with everything zero.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.UnsupportedVersion"/>.</exception>
    public static MachineImage<uint> CreateEmpty32(StateVersion version) =>
        new(FeatureSet.Of(version), new FlatMemory(), new MachineState<uint>(version));

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
    internal MachineImage(FeatureSet features, GuestMemory memory, MachineState<TWord> state)
        : base(features, memory) => State = state;

    /// <summary>Everything but memory.</summary>
    public MachineState<TWord> State { get; }

    /// <inheritdoc/>
    public override void Dispose()
    {
        State.Dispose();
        base.Dispose();
    }
}
