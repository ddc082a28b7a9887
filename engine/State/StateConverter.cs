using System.Numerics;
using Culverin.Versions;

namespace Culverin.State;

/// <summary>
/// Carries a program's first state to a newer version with the same words, so that a prestate need not be
/// built from its ELF again.
/// </summary>
/// <remarks>
/// Only first states: later ones hold what the old version's rules made of the program. Only between versions
/// that both have threads, or both have none: the loader patches Go programs for one thread.
/// </remarks>
internal static class StateConverter
{
    /// <summary>Makes the state of the newer version; the original is not changed.</summary>
    /// <param name="image">A state at step 0.</param>
    /// <param name="version">The newer version.</param>
    /// <returns>A new image, which the caller disposes.</returns>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.InvalidArgument"/> with the reason why it cannot be carried over;
    /// <see cref="ErrorCode.UnsupportedVersion"/>.
    /// </exception>
    public static MachineImage Convert(MachineImage image, StateVersion version)
    {
        FeatureSet to = FeatureSet.Of(version);
        RequireComparable(image.Features, to);
        return image is MachineImage<uint> image32
            ? Convert(image32, MachineImage.CreateEmpty32(version))
            : Convert((MachineImage<ulong>)image, MachineImage.CreateEmpty64(version));
    }

    private static void RequireComparable(FeatureSet from, FeatureSet to)
    {
        Require(from.WordBits == to.WordBits, from, to, $"has {to.WordBits}-bit words");
        Require(from.Version <= to.Version, from, to, "is older");
        Require(
            from.HasThreads == to.HasThreads, from, to, to.HasThreads ? "has threads" : "has no threads");
    }

    private static void Require(bool holds, FeatureSet from, FeatureSet to, string why)
    {
        if (!holds)
        {
            throw new CulverinException(
                ErrorCode.InvalidArgument,
                $"A state of version {(byte)from.Version} ({from.Name}) cannot become one of version "
                    + $"{(byte)to.Version} ({to.Name}), which {why}.");
        }
    }

    private static unsafe MachineImage<TWord> Convert<TWord>(MachineImage<TWord> from, MachineImage<TWord> to)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        try
        {
            RequireFirst(from.State);
            foreach (ulong pageIndex in from.Memory.PresentPages())
            {
                // SAFETY: both pages have exactly this many bytes, and both images are alive.
                System.Buffer.MemoryCopy(
                    from.Memory.PageForReading(pageIndex),
                    to.Memory.PageForWriting(pageIndex),
                    GuestMemory.PageSizeBytes,
                    GuestMemory.PageSizeBytes);
            }

            *to.State.Cpu = *from.State.Cpu;
            to.State.Heap = from.State.Heap;
            to.State.Threads?.SaveActive();
            return to;
        }
        catch
        {
            to.Dispose();
            throw;
        }
    }

    private static void RequireFirst<TWord>(MachineState<TWord> state)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        bool oneThread = state.Threads is not { } threads
            || (threads.Left.IsOnlyTop && threads.Right.IsEmpty && !threads.TraverseRight);
        if (state.Step != 0 || state.Exited || !oneThread)
        {
            throw new CulverinException(
                ErrorCode.InvalidArgument,
                $"Only a program's first state can be carried to another version; this one is at step "
                    + $"{state.Step}. Load the program for that version instead.");
        }
    }
}
