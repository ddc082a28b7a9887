using System.CommandLine;
using Culverin.Cli.Files;
using Culverin.Cli.Flags;

namespace Culverin.Cli.Commands.Run;

/// <summary>The flags of `run`: the reference's with its defaults, and ours.</summary>
internal sealed class RunFlags
{
    private const string PatternHelp =
        "never, always, =N at step N, %N at multiples of N, or a list with commas";

    private const int DefaultTraceMebibytes = 1024;
    private const int MebibyteShift = 20;

    private readonly Option<string> _input = Flag.RequiredText("--input", "FILE", "state to start from");
    private readonly Option<string> _output = Flag.Text(
        "--output", "FILE",
        "where the last state goes: .bin, .bin.gz, .json (version 0), - for standard output; none if empty",
        "out.bin.gz",
        mayBeEmpty: true);

    private readonly Option<string> _proofAt = Flag.Text(
        "--proof-at", "PATTERN", $"steps to prove: {PatternHelp}", "never", mayBeEmpty: true);

    private readonly Option<string> _proofFormat = Flag.Text(
        "--proof-fmt", "NAME", "file name of proofs, %d is the step; - for standard output", "proof-%d.json");

    private readonly Option<string> _snapshotAt = Flag.Text(
        "--snapshot-at", "PATTERN", "steps before which the state is saved", "never", mayBeEmpty: true);

    private readonly Option<string> _snapshotFormat = Flag.Text(
        "--snapshot-fmt", "NAME", "file name of snapshots, %d is the step", "state-%d.bin.gz");

    private readonly Option<string> _stopAt = Flag.Text(
        "--stop-at", "PATTERN", "steps before which to stop", "never", mayBeEmpty: true);

    private readonly Option<string> _hashAt = Flag.Text(
        "--hash-at", "PATTERN", "steps whose state hash is printed on standard output", "never",
        mayBeEmpty: true);

    private readonly Option<string> _stopAtPreimage = Flag.Text(
        "--stop-at-preimage", "KEY[@OFFSET[@STEP]]",
        "stop after a step that reads this offset (0) of a pre-image whose hex key begins so",
        mayBeEmpty: true);

    private readonly Option<string> _stopAtPreimageType = Flag.Text(
        "--stop-at-preimage-type", "TYPE",
        "stop after reading a pre-image of type local, keccak, sha256, blob, precompile or any",
        mayBeEmpty: true);

    private readonly Option<string> _stopAtPreimageLargerThan = Flag.Text(
        "--stop-at-preimage-larger-than", "BYTES",
        "stop after reading a pre-image that has more bytes, its 8-byte length included; 0 for any", "0");

    private readonly Option<string> _meta = Flag.Text(
        "--meta", "FILE", "symbols written by load-elf; none if empty", "meta.json", mayBeEmpty: true);

    private readonly Option<string> _infoAt = Flag.Text(
        "--info-at", "PATTERN", "steps at which progress is logged", "%1000000000", mayBeEmpty: true);

    private readonly Option<bool> _profile = Flag.Switch(
        "--pprof.cpu", "accepted for compatibility, without effect");

    private readonly Option<bool> _debug = Flag.Switch(
        "--debug", "log the function where the guest stopped (no call stack); needs --meta");

    private readonly Option<string> _debugInfo = Flag.Text(
        "--debug-info", "FILE", "where counters of the run go, as JSON; none if empty", mayBeEmpty: true);

    private readonly Option<string> _snapshotOnError = Flag.Text(
        "--snapshot-on-error", "NAME", "where the state before a failing step goes, %d is the step");

    private readonly Option<string> _engine = EngineFlag.Create();

    private readonly Option<string> _memoryLimit = MemoryLimit.CreateFlag();

    private readonly Option<string> _traceDisk = Flag.Text(
        "--trace-disk", "MIB",
        "most disk space of the index that makes one proof after another fast, beside the snapshots' folder; "
            + "0 for no index",
        $"{DefaultTraceMebibytes}");

    private readonly OracleFlags _oracle = new();

    /// <summary>All of them, in the order of the help.</summary>
    public Option[] All =>
    [
        _input, _output, _proofAt, _proofFormat, _snapshotAt, _snapshotFormat, _stopAt, _stopAtPreimage,
        _stopAtPreimageType, _stopAtPreimageLargerThan, _meta, _infoAt, _profile, _debug, _debugInfo, _hashAt,
        _snapshotOnError, _engine, _memoryLimit, _traceDisk, .. _oracle.All,
    ];

    /// <summary>Whether --pprof.cpu was given.</summary>
    public bool AsksForProfile(ParseResult flags) => flags.GetValue(_profile);

    /// <summary>Reads and checks the flags.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public RunSettings Read(ParseResult flags, IReadOnlyList<string> serverCommand, bool isJson)
    {
        var settings = new RunSettings
        {
            InputPath = flags.TextOf(_input),
            OutputPath = flags.TextOf(_output),
            MetaPath = flags.TextOf(_meta),
            DebugInfoPath = flags.TextOf(_debugInfo),
            ErrorSnapshot = flags.TextOf(_snapshotOnError) is "" ? null : flags.FormatOf(_snapshotOnError),
            ProofAt = flags.PatternOf(_proofAt),
            ProofFormat = flags.FormatOf(_proofFormat),
            SnapshotAt = flags.PatternOf(_snapshotAt),
            SnapshotFormat = flags.FormatOf(_snapshotFormat),
            StopAt = flags.PatternOf(_stopAt),
            InfoAt = flags.PatternOf(_infoAt),
            HashAt = flags.PatternOf(_hashAt),
            PreimageStop = PreimageStop.Parse(
                flags.IsGiven(_stopAtPreimage) ? flags.TextOf(_stopAtPreimage) : null,
                flags.TextOf(_stopAtPreimageType),
                flags.NumberOf(_stopAtPreimageLargerThan, long.MaxValue)),
            Oracle = _oracle.Read(flags, serverCommand),
            NamesStopFunction = flags.GetValue(_debug),
            IsJson = isJson,
            Engine = EngineFlag.KindOf(flags, _engine),
            MemoryBytesMax = MemoryLimit.BytesOf(flags, _memoryLimit),
            TraceDiskBytes = (long)flags.NumberOf(_traceDisk, int.MaxValue) << MebibyteShift,
        };
        Check(settings);
        return settings;
    }

    private static void Check(RunSettings settings)
    {
        RequireStep(settings.ProofAt, settings.ProofFormat, "--proof-fmt");
        RequireStep(settings.SnapshotAt, settings.SnapshotFormat, "--snapshot-fmt");
        if (settings.NamesStopFunction && settings.MetaPath.Length == 0)
        {
            throw Invalid("--debug needs a file of symbols in --meta");
        }

        // Better now than after hours of running. A run may begin with one of its own snapshots, which it
        // then writes again.
        new FilePlan()
            .Reads("--input", settings.InputPath)
            .Reads("--meta", settings.MetaPath)
            .ReadsFolder("the trace of --snapshot-fmt", RunIndex.FolderOf(settings) ?? "")
            .Writes("--output", settings.OutputPath)
            .Writes("--proof-fmt", settings.ProofFormat, settings.ProofAt)
            .Writes("--snapshot-fmt", settings.SnapshotFormat, settings.SnapshotAt, renews: "--input")
            .Writes("--snapshot-on-error", settings.ErrorSnapshot)
            .Writes("--debug-info", settings.DebugInfoPath)
            .Uses(settings.Oracle)
            .Prints("--json", settings.IsJson)
            .Prints("--hash-at", !settings.IsJson && !settings.HashAt.IsNever)
            .Check();
    }

    private static void RequireStep(StepPattern pattern, FileNameFormat format, string name)
    {
        if (pattern.IsRepeating && !format.HasStep && !format.IsStandardOutput)
        {
            throw Invalid($"{name} needs a %d, or several files would have the same name");
        }
    }

    private static CulverinException Invalid(string why) => new(ErrorCode.InvalidArgument, $"{why}.");
}
