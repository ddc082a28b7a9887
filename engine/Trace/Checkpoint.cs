using System.Numerics;
using Culverin.Files;
using Culverin.Files.Streams;

namespace Culverin.Trace;

/// <summary>
/// A file of a trace index that holds the state at one step, or its difference from another.
/// </summary>
internal sealed class Checkpoint
{
    private ulong[]? _pages;

    /// <summary>Describes a file.</summary>
    public Checkpoint(string path, NativeHeader header, ulong[]? pages = null)
    {
        FilePath = path;
        Header = header;
        _pages = pages;
    }

    public string FilePath { get; }

    public NativeHeader Header { get; }

    public ulong Step => Header.Step;

    public bool IsFirst => !Header.IsDelta;

    public bool IsProbe => (Header.Flags & NativeFlags.IsProbe) != 0;

    public bool HasExited => (Header.Flags & NativeFlags.HasExited) != 0;

    /// <summary>Done when the file is on disk; fails when it could not be written.</summary>
    public Task Written { get; set; } = Task.CompletedTask;

    /// <summary>The lowest bit of an ordinal: how high in the order of thinning it stands.</summary>
    public static ulong RankOf(ulong ordinal) =>
        ordinal == 0 ? 1UL << 63 : 1UL << BitOperations.TrailingZeroCount(ordinal);

    /// <summary>The pages in it, ascending; read when first asked for.</summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.InvalidState"/> when it is damaged.
    /// </exception>
    public ReadOnlySpan<ulong> Pages => _pages ??= Use(NativeTable.Read).Pages;

    /// <summary>Opens the file for as long as something is done with it.</summary>
    public T Use<T>(Func<FileStream, T> use)
    {
        Written.GetAwaiter().GetResult();
        return InputFile.Read(
            FilePath, "checkpoint", ErrorCode.InvalidState, stream => use((FileStream)stream));
    }
}
