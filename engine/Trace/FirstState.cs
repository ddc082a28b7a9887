using System.Text;
using Culverin.Commit;
using Culverin.Files;
using Culverin.Primitives;
using Culverin.State;

namespace Culverin.Trace;

/// <summary>The first state of a trace, and what tells one trace from another.</summary>
internal static class FirstState
{
    private const int HalfBytes = Keccak256.DigestSizeBytes / 2;

    /// <summary>Writes the first state, unless the folder has it already, whole.</summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.InvalidArgument"/> when the folder holds another trace.
    /// </exception>
    public static void Ensure(CheckpointStore store, MachineImage image, string? inputName)
    {
        ulong[] pages = [.. image.Memory.PresentPages()];
        nint[] contents = PagesOf(image.Memory, pages);
        byte[] roots = PageHasher.RootsOf(contents);
        byte[] id = IdOf(image, new PageRoots(pages, roots), inputName ?? "");
        if (store.First is { } first)
        {
            if (!first.Header.TraceId.AsSpan().SequenceEqual(id))
            {
                throw OtherTrace(store);
            }

            if (IsWhole(first))
            {
                return;
            }
        }

        byte[] record = NativeStateWriter.RecordOf(image);
        NativeHeader head = NativeStateWriter.HeaderOf(image, record, pages.Length);
        NativeHeader header = head with { Flags = head.Flags | NativeFlags.HasRoots, TraceId = id };
        string path = Path.Combine(store.Folder, CheckpointStore.FirstName);
        NativeStateWriter.Write(path, header, record, pages, contents, roots);
        store.SetFirst();
    }

    private static unsafe nint[] PagesOf(GuestMemory memory, ulong[] pages) =>
        [.. pages.Select(page => (nint)memory.PageForReading(page))];

    private static bool IsWhole(Checkpoint first)
    {
        try
        {
            CheckpointReader.Read([first], out _).Dispose();
            return true;
        }
        catch (CulverinException error) when (error.Code == ErrorCode.InvalidState)
        {
            return false;
        }
    }

    /// <summary>Refuses a folder whose trace has another input.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public static void RequireInput(CheckpointStore store, Checkpoint first, string? inputName)
    {
        ReadOnlySpan<byte> input = first.Header.TraceId.AsSpan(HalfBytes);
        if (inputName is not null && !input.SequenceEqual(HalfHash(Encoding.UTF8.GetBytes(inputName))))
        {
            throw OtherTrace(store);
        }
    }

    private static CulverinException OtherTrace(CheckpointStore store) => new(
        ErrorCode.InvalidArgument,
        $"The folder \"{store.Folder}\" holds the trace of another state or input.");

    // One half for the state and one for the input, so that either can be compared without the other.
    private static byte[] IdOf(MachineImage image, PageRoots roots, string inputName)
    {
        byte[] hash = Commitment.Of(image, roots).Hash;
        return [.. HalfHash(hash), .. HalfHash(Encoding.UTF8.GetBytes(inputName))];
    }

    private static byte[] HalfHash(byte[] data)
    {
        byte[] hash = new byte[Keccak256.DigestSizeBytes];
        Keccak256.Hash(data, hash);
        return hash[..HalfBytes];
    }
}
