using System.CommandLine;
using Culverin.Cli.Commands.Run;
using Culverin.Cli.Flags;
using Culverin.Cli.Output;
using Culverin.Files;
using Culverin.Guest;
using Culverin.Run;
using Culverin.State;
using Culverin.Trace;

namespace Culverin.Cli.Commands.Trace;

/// <summary>
/// What the commands on a trace index have in common: its folder, and where pre-images come from.
/// </summary>
internal abstract class TraceVerb : RunningVerb
{
    /// <summary>The word before the name of the command.</summary>
    public const string FirstWord = "trace";

    private const int MebibyteShift = 20;

    private readonly Parts _parts;

    protected TraceVerb(
        Log log, Interruption interruption, string name, string description, params Option[] flags)
        : this(log, interruption, new Parts(), name, description, flags)
    {
    }

    private TraceVerb(
        Log log, Interruption interruption, Parts parts, string name, string description, Option[] flags)
        : base(log, interruption, name, description, [parts.Folder, .. flags, .. parts.Others])
    {
        _parts = parts;
        Progress = new QueryProgress(log);
    }

    /// <inheritdoc/>
    public override string Name => $"{FirstWord} {Command.Name}";

    /// <summary>What is shown while a question is answered.</summary>
    protected QueryProgress Progress { get; }

    /// <inheritdoc/>
    public override int Run(ParseResult flags, IReadOnlyList<string> serverCommand)
    {
        try
        {
            OracleSettings oracle = _parts.Oracle.Read(flags, serverCommand);
            FilePlan plan = new FilePlan()
                .Reads(_parts.Meta.Name, flags.TextOf(_parts.Meta))
                .ReadsFolder(_parts.Folder.Name, flags.TextOf(_parts.Folder))
                .Uses(oracle);
            AddFiles(plan, flags);
            plan.Check();
            var output = new GuestLog(Log);
            var options = new TraceOptions
            {
                Machine = new MachineOptions
                {
                    Symbols = ReadSymbols(flags),
                    Engine = EngineFlag.KindOf(flags, _parts.Engine),
                },
                Source = oracle.HasSource
                    ? () => OracleFactory.Create(oracle, output.WriteHostLine, Interruption.Token)
                    : null,
                InputName = oracle.HasSource
                    ? string.Join('\0', [.. serverCommand, oracle.FolderPath, oracle.ReplayPath])
                    : null,
                DiskBytesMax = (long)flags.NumberOf(_parts.Disk, int.MaxValue) << MebibyteShift,
                SpacingSteps = flags.IsGiven(_parts.Spacing)
                    ? flags.NumberOf(_parts.Spacing, ulong.MaxValue)
                    : 0,
                MemoryBytesMax = MemoryLimit.BytesOf(flags, _parts.Memory),
                Progress = Progress,
                Parallelism = (int)flags.NumberOf(_parts.Jobs, (ulong)Environment.ProcessorCount),
            };
            using TraceIndex index = Open(flags, options);
            Interruption.Defer();
            try
            {
                Act(flags, index);
            }
            finally
            {
                Progress.Clear();
            }

            return ExitCodes.Success;
        }
        catch (CulverinException error) when (error.Code == ErrorCode.Cancelled)
        {
            Log.Info("Interrupted; what was done is kept", ("module", "trace"));
            return ExitCodes.Interrupted;
        }
    }

    /// <summary>Steps with commas between.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    protected static ulong[] StepsOf(ParseResult flags, Option<string> flag) =>
    [
        .. flags.TextOf(flag).Split(',').Select(text =>
            StepPattern.TryParseNumber(text.Trim(), out ulong step)
                ? step
                : throw new CulverinException(
                    ErrorCode.InvalidArgument,
                    $"{flag.Name} takes steps with commas between, not \"{flags.TextOf(flag)}\".")),
    ];

    /// <summary>Does what the command is for.</summary>
    protected abstract void Act(ParseResult flags, TraceIndex index);

    /// <summary>Adds the files of the command's own flags.</summary>
    protected virtual void AddFiles(FilePlan plan, ParseResult flags)
    {
    }

    /// <summary>Opens the index.</summary>
    protected virtual TraceIndex Open(ParseResult flags, TraceOptions options) =>
        TraceIndex.Open(flags.TextOf(_parts.Folder), options);

    /// <summary>Begins an index, or opens that of the same state and source.</summary>
    protected TraceIndex Create(ParseResult flags, string inputPath, TraceOptions options)
    {
        using MachineImage first = StateFile.Read(inputPath);
        return TraceIndex.Create(flags.TextOf(_parts.Folder), first, options);
    }

    private SymbolTable ReadSymbols(ParseResult flags) =>
        flags.TextOf(_parts.Meta) is { Length: > 0 } path ? MetaFile.Read(path) : SymbolTable.Empty;

    /// <summary>The flags of all of them.</summary>
    private sealed class Parts
    {
        public Option<string> Folder { get; } = Flag.RequiredText("--dir", "DIR", "folder of the trace");

        public Option<string> Meta { get; } = Flag.Text(
            "--meta", "FILE", "symbols written by load-elf; none if empty", mayBeEmpty: true);

        public Option<string> Disk { get; } =
            Flag.Text("--disk", "MIB", "most disk space of all checkpoints in MiB", "2048");

        public Option<string> Spacing { get; } = Flag.Text(
            "--spacing", "STEPS",
            "steps between two checkpoints to begin with; if not given, as the trace was begun, "
                + $"{TraceOptions.DefaultSpacingSteps} for a new one");

        public Option<string> Memory { get; } = MemoryLimit.CreateFlag();

        public Option<string> Engine { get; } = EngineFlag.Create();

        public Option<string> Jobs { get; } =
            Flag.Text("--jobs", "N", "how many hashes are looked for at a time", "1");

        public OracleFlags Oracle { get; } = new();

        public Option[] Others => [Meta, Disk, Spacing, Memory, Engine, Jobs, .. Oracle.All];
    }
}
