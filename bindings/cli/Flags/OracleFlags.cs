using System.CommandLine;
using Culverin.Cli.Commands.Run;
using Culverin.Cli.Files;
using Culverin.Oracle;

namespace Culverin.Cli.Flags;

/// <summary>The flags that say where pre-images come from, besides a server after `--`.</summary>
internal sealed class OracleFlags
{
    private const int DayInSeconds = 24 * 60 * 60;

    private readonly Option<string> _oracleFolder = Flag.Text(
        "--oracle-dir", "DIR", "take pre-images from files named by their keys in hex, instead of a server");

    private readonly Option<string> _record = Flag.Text(
        "--record", "FILE", "record all pre-images in one file");

    private readonly Option<string> _replay = Flag.Text(
        "--replay", "FILE", "take pre-images from a recording, instead of a server");

    private readonly Option<string> _preimageMaximum = Flag.Text(
        "--preimage-max-bytes", "BYTES", "largest pre-image accepted",
        $"{OracleOptions.Default.PreimageBytesMax}");

    private readonly Option<string> _preimageTimeout = Flag.Text(
        "--preimage-timeout", "SECONDS", "longest time for one answer of the server; 0 for no limit",
        $"{OracleOptions.Default.AnswerDeadline.TotalSeconds}");

    private readonly Option<bool> _preimageUnchecked = Flag.Switch(
        "--preimage-unchecked", "do not check keccak256 and sha256 pre-images against their keys");

    /// <summary>All of them, in the order of the help.</summary>
    public Option[] All =>
    [
        _oracleFolder, _record, _replay, _preimageMaximum, _preimageTimeout, _preimageUnchecked,
    ];

    /// <summary>Reads and checks the flags.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public OracleSettings Read(ParseResult flags, IReadOnlyList<string> serverCommand)
    {
        var oracle = new OracleSettings
        {
            ServerCommand = serverCommand,
            FolderPath = flags.TextOf(_oracleFolder),
            ReplayPath = flags.TextOf(_replay),
            RecordPath = flags.TextOf(_record),
            Options = OracleOptions.Default with
            {
                PreimageBytesMax = (int)flags.NumberOf(_preimageMaximum, OracleOptions.PreimageBytesLimit),
                AnswerDeadline = TimeSpan.FromSeconds(flags.NumberOf(_preimageTimeout, DayInSeconds)),
                VerifyHashes = !flags.GetValue(_preimageUnchecked),
            },
        };
        int sourceCount = (serverCommand.Count > 0 ? 1 : 0)
            + (oracle.FolderPath.Length > 0 ? 1 : 0)
            + (oracle.ReplayPath.Length > 0 ? 1 : 0);
        if (sourceCount > 1)
        {
            throw Invalid("Only one of --oracle-dir, --replay and a server after \"--\" can give pre-images");
        }

        if (RealPath.IsStandardOutput(oracle.RecordPath.Length > 0 ? oracle.RecordPath : "."))
        {
            throw Invalid("--record takes the name of a file, not standard output");
        }

        return sourceCount == 1 || oracle.RecordPath.Length == 0
            ? oracle
            : throw Invalid("--record needs a source of pre-images: a server, --oracle-dir or --replay");
    }

    private static CulverinException Invalid(string why) => new(ErrorCode.InvalidArgument, $"{why}.");
}
