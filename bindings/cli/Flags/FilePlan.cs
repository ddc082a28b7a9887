using System.Text.RegularExpressions;
using Culverin.Cli.Commands.Run;
using Culverin.Cli.Files;
using Culverin.Files.Streams;
using Culverin.Primitives;

namespace Culverin.Cli.Flags;

/// <summary>
/// The files that a command is going to read and write, checked before it begins: that outputs can be
/// written, and that no name stands for two of them.
/// </summary>
/// <remarks>For one thread. The flags are named in the order in which they were added.</remarks>
internal sealed partial class FilePlan
{
    private const string Standard = FileNameFormat.StandardOutput;

    // Two formats that agree on these agree on all steps.
    private static readonly ulong[] SampleSteps = [10, 123_456_789];

    private readonly List<(string Flag, string Path)> _inputs = [];
    private readonly List<Output> _outputs = [];
    private readonly List<string> _standardOutputs = [];
    private readonly List<InputFolder> _folders = [];

    /// <summary>A file that is read; nothing if it is empty.</summary>
    public FilePlan Reads(string flag, string path)
    {
        if (path.Length > 0)
        {
            _inputs.Add((flag, path));
        }

        return this;
    }

    /// <summary>A folder with files that no output may replace; nothing if it is empty.</summary>
    /// <param name="flag">Where the name comes from.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="isRead">Which names in it are read; null for all, those in its folders too.</param>
    public FilePlan ReadsFolder(string flag, string folder, Regex? isRead = null)
    {
        if (folder.Length > 0)
        {
            _folders.Add(new InputFolder(flag, folder, isRead));
        }

        return this;
    }

    /// <summary>The files that pre-images come from and are recorded in.</summary>
    public FilePlan Uses(OracleSettings oracle) =>
        Reads("--replay", oracle.ReplayPath)
        .ReadsFolder("--oracle-dir", oracle.FolderPath, PreimageName())
        .Writes("--record", oracle.RecordPath);

    /// <summary>A file that is written; nothing if it is empty.</summary>
    public FilePlan Writes(string flag, string path)
    {
        PrintsTo(flag, path);
        if (path != Standard && path.Length > 0)
        {
            _outputs.Add(new Output(flag, path, null, StepPattern.Never));
        }

        return this;
    }

    /// <summary>A file a step that is written; nothing if no step is chosen.</summary>
    /// <param name="flag">Where the names come from.</param>
    /// <param name="format">The names.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="renews">The flag of an input that may be one of these files; null for none.</param>
    public FilePlan Writes(string flag, FileNameFormat format, StepPattern steps, string? renews = null)
    {
        if (steps.IsNever)
        {
            return this;
        }

        if (format.IsStandardOutput)
        {
            _standardOutputs.Add($"{flag} -");
        }
        else
        {
            string? renewed = format.HasStep ? renews : null;
            string first = format.Expand(steps.NextAtOrAfter(0) ?? 0);
            PrintsTo(flag, first);
            _outputs.Add(new Output(flag, first, format, steps, renewed));
        }

        return this;
    }

    /// <summary>A file that may be written at any step; nothing if there is no name.</summary>
    public FilePlan Writes(string flag, FileNameFormat? format) =>
        format is null ? this : Writes(flag, format, StepPattern.Parse("always"));

    /// <summary>What else goes to standard output, such as "--json"; nothing if it does not.</summary>
    public FilePlan Prints(string what, bool does)
    {
        if (does)
        {
            _standardOutputs.Add(what);
        }

        return this;
    }

    // Also by one of the system's names for it, such as /dev/stdout.
    private void PrintsTo(string flag, string path)
    {
        if (path.Length > 0 && RealPath.IsStandardOutput(path))
        {
            _standardOutputs.Add($"{flag} {path}");
        }
    }

    /// <summary>Refuses what cannot come to a good end.</summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.InvalidArgument"/> for names that collide, <see cref="ErrorCode.FileAccess"/> for
    /// outputs that cannot be written.
    /// </exception>
    public void Check()
    {
        RequireOne(_standardOutputs, "would be written to standard output together");
        RequireOne(
            [
                .. _inputs.Where(input => RealPath.IsStandardInput(input.Path))
                    .Select(input => $"{input.Flag} {input.Path}"),
            ],
            "would read standard input together");
        for (int index = 0; index < _outputs.Count; index++)
        {
            Output output = _outputs[index];
            foreach ((string flag, string path) in _inputs)
            {
                if (path != Standard && flag != output.Renews && output.Includes(path))
                {
                    throw Invalid(
                        $"{output.Flag} would be written over {flag} \"{path}\"; give another path");
                }
            }

            foreach (InputFolder folder in _folders)
            {
                if (output.SampleNames().Any(folder.Includes))
                {
                    throw Invalid(
                        $"{output.Flag} would be written over files of {folder.Flag} \"{folder.Path}\"; "
                            + "give another path");
                }
            }

            foreach (Output other in _outputs.Take(index))
            {
                if (other.Meets(output))
                {
                    throw Invalid($"{other.Flag} and {output.Flag} name the same file \"{output.Path}\"");
                }
            }
        }

        _outputs.ForEach(RequireWritable);
    }

    private static void RequireOne(List<string> users, string what)
    {
        if (users.Count > 1)
        {
            throw Invalid($"{string.Join(" and ", users)} {what}");
        }
    }

    private static void RequireWritable(Output output)
    {
        foreach (string path in output.CertainNames().DistinctBy(FolderOf))
        {
            RequireWritable(output.Flag, path);
        }
    }

    private static void RequireWritable(string flag, string path)
    {
        if (SpecialFile.Is(path))
        {
            return;
        }

        if (Directory.Exists(path))
        {
            throw Unwritable(flag, path, "it is a folder");
        }

        string folder = FolderOf(path);
        if (File.Exists(folder))
        {
            throw Unwritable(flag, path, $"\"{folder}\" is a file, not a folder");
        }

        if (!Directory.Exists(folder))
        {
            throw Unwritable(flag, path, $"there is no folder \"{folder}\"");
        }

        if (OutputFolder.WhyNot(folder) is { } reason)
        {
            throw Unwritable(flag, path, reason);
        }
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";

    private static CulverinException Invalid(string why) => new(ErrorCode.InvalidArgument, $"{why}.");

    private static CulverinException Unwritable(string flag, string path, string why) =>
        new(ErrorCode.FileAccess, $"{flag} \"{path}\" cannot be written: {why}.");

    [GeneratedRegex("[0-9A-Fa-f]+")]
    private static partial Regex StepInName();

    [GeneratedRegex(@"^(0x)?[0-9a-f]{64}\z")]
    private static partial Regex PreimageName();

    /// <summary>A folder with files that are read.</summary>
    private sealed record InputFolder(string Flag, string Path, Regex? IsRead)
    {
        /// <summary>Whether a file is one of these.</summary>
        public bool Includes(string path)
        {
            if (SpecialFile.Is(path))
            {
                return false;
            }

            string real = RealPath.Of(path);
            return IsRead is null
                ? RealPath.IsInside(path, Path)
                : FolderOf(real) == RealPath.Of(Path) && IsRead.IsMatch(System.IO.Path.GetFileName(real));
        }
    }

    /// <param name="Flag">Where the name comes from.</param>
    /// <param name="Path">The name, or that of the first step.</param>
    /// <param name="Format">The names of all steps; null for one file.</param>
    /// <param name="Steps">Which steps have files.</param>
    /// <param name="Renews">The flag of an input that may be one of these files.</param>
    private sealed record Output(
        string Flag, string Path, FileNameFormat? Format, StepPattern Steps, string? Renews = null)
    {
        /// <summary>Names of which each will be written if the run comes so far.</summary>
        public IEnumerable<string> CertainNames()
        {
            // Where each step has a folder, those of steps not named may be made during the run.
            bool hasOneFolder = Format is null
                || FolderOf(Format.Expand(0)) == FolderOf(Format.Expand(ulong.MaxValue));
            return Format is null || hasOneFolder ? [Path] : Steps.ExactSteps.Select(Format.Expand);
        }

        /// <summary>All names, or of very many those of some steps.</summary>
        public IEnumerable<string> SampleNames() => Format is null
            ? [Path]
            : Steps.ExactSteps.Concat(SampleSteps.Where(Steps.Matches)).Select(Format.Expand).Prepend(Path);

        /// <summary>Whether a file is one of these.</summary>
        public bool Includes(string path)
        {
            if (SpecialFile.Is(path))
            {
                return false;
            }

            string real = RealPath.Of(path);
            return real == RealPath.Of(Path)
                || (Format is not null && StepsIn(path)
                    .Any(step => RealPath.Of(Format.Expand(step)) == real));
        }

        /// <summary>Whether a file may be one of these and one of those.</summary>
        public bool Meets(Output other)
        {
            if (Format is null || other.Format is null)
            {
                return Format is null ? other.Includes(Path) : Includes(other.Path);
            }

            return Path == other.Path
                || SampleSteps.All(
                    step => RealPath.Of(Format.Expand(step)) == RealPath.Of(other.Format.Expand(step)));
        }

        // The numbers in a name, as any of the format's verbs may have written them.
        private IEnumerable<ulong> StepsIn(string path)
        {
            foreach (Match match in StepInName().Matches(System.IO.Path.GetFileName(path)))
            {
                if (ulong.TryParse(match.Value, out ulong step) && Steps.Matches(step))
                {
                    yield return step;
                }

                if (ulong.TryParse(
                    match.Value,
                    System.Globalization.NumberStyles.HexNumber,
                    System.Globalization.CultureInfo.InvariantCulture,
                    out step) && Steps.Matches(step))
                {
                    yield return step;
                }
            }
        }
    }
}
