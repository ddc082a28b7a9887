using Culverin.State;

namespace Culverin.Commit;

/// <summary>
/// What a state at rest commits to (VM-SPEC sections 2 and 3), computed from its image alone. The image is
/// left as it was: a machine made from it later finds all of its pages dirty still.
/// </summary>
/// <remarks>
/// All pages are hashed each time. A machine, which keeps a <see cref="PageTree"/>, hashes only what has
/// changed.
/// </remarks>
internal sealed class Commitment
{
    private Commitment(byte[] witness, byte[] hash)
    {
        Witness = witness;
        Hash = hash;
    }

    /// <summary>The bytes that the hash commits to.</summary>
    public byte[] Witness { get; }

    /// <summary>The state hash, 32 bytes; the first is the <see cref="MachineStatus"/>.</summary>
    public byte[] Hash { get; }

    /// <summary>Commits to a state that does not run meanwhile.</summary>
    public static unsafe Commitment Of(MachineImage image)
    {
        // SAFETY: the image keeps its pages.
        ulong[] pages = [.. image.Memory.PresentPages()];
        nint[] contents = [.. pages.Select(page => (nint)image.Memory.PageForReading(page))];
        return Of(image, new PageRoots(pages, PageHasher.RootsOf(contents)));
    }

    /// <summary>As <see cref="Of(MachineImage)"/>, where the hashes of all present pages are known.</summary>
    internal static Commitment Of(MachineImage image, PageRoots roots)
    {
        // A tree over an empty memory, which only knows the hashes, leaves the image's own flags alone.
        using GuestMemory empty = image.Features.WordBits == 32 ? new FlatMemory() : new SparseMemory();
        using var tree = new PageTree(empty);
        tree.Adopt(roots);
        byte[] witness = image.MakeWitness(tree.Root());
        return new Commitment(witness, StateHash.Compute(witness, image.Exited, image.ExitCode));
    }
}
