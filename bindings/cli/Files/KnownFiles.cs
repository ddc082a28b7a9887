using System.Globalization;
using System.Text;
using Culverin.Files.Streams;
using Culverin.Primitives;

namespace Culverin.Cli.Files;

/// <summary>
/// The state files that runs with a trace index have read and written, with the step of each: who is asked to
/// start from one of them knows the place in the trace without reading it. Length and time of the last change
/// tell whether a file is still the same.
/// </summary>
internal sealed class KnownFiles
{
    private const char Separator = '\t';
    private const int FieldCount = 4;

    private readonly string _path;
    private readonly Dictionary<string, (ulong Step, long Length, long Ticks)> _files = [];

    /// <summary>Reads the list; one that is missing or damaged is empty.</summary>
    public KnownFiles(string path)
    {
        _path = path;
        try
        {
            NamedPipe.Refuse(path);
            foreach (string line in File.ReadLines(path))
            {
                Take(line.Split(Separator, FieldCount));
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _files.Clear();
        }
    }

    /// <summary>The step of a state file; null when it is not known or has changed.</summary>
    public ulong? StepOf(string path)
    {
        string full = Path.GetFullPath(path);
        return _files.TryGetValue(full, out (ulong Step, long Length, long Ticks) known)
            && Describe(full) is { } now
            && now == (known.Length, known.Ticks)
                ? known.Step
                : null;
    }

    /// <summary>Notes a file that has just been read or written.</summary>
    public void Add(string path, ulong step)
    {
        string full = Path.GetFullPath(path);
        if (Describe(full) is not { } now || full.AsSpan().ContainsAny('\n', '\r', Separator))
        {
            return;
        }

        _files[full] = (step, now.Length, now.Ticks);
        AtomicFile.Write(_path, file => file.Write(Encoding.UTF8.GetBytes(
            string.Concat(_files.Select(entry => string.Create(
                CultureInfo.InvariantCulture,
                $"{entry.Value.Step}\t{entry.Value.Length}\t{entry.Value.Ticks}\t{entry.Key}\n"))))));
    }

    private static (long Length, long Ticks)? Describe(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? (file.Length, file.LastWriteTimeUtc.Ticks) : null;
    }

    private void Take(string[] fields)
    {
        if (fields.Length == FieldCount
            && ulong.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong step)
            && long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out long length)
            && long.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out long ticks))
        {
            _files[fields[^1]] = (step, length, ticks);
        }
    }
}
