using System.CommandLine;
using System.Globalization;
using Culverin.Cli.Commands.Run;
using Culverin.Cli.Files;
using Culverin.Cli.Flags;
using Culverin.Cli.Output;
using Culverin.Cli.Reports;
using Culverin.Execute;
using Culverin.Files;
using Culverin.Guest;
using Culverin.Inspect;
using Culverin.Oracle;
using Culverin.Run;
using Culverin.State;

namespace Culverin.Cli.Commands;

/// <summary>`strace`: runs a state and prints its system calls, one a line.</summary>
internal sealed class StraceCommand : RunningVerb
{
    private static readonly Dictionary<uint, string> ErrorNames = new()
    {
        [Execute.Errno.BadFileDescriptor] = "EBADF",
        [Execute.Errno.TryAgain] = "EAGAIN",
        [Execute.Errno.TimedOut] = "ETIMEDOUT",
        [Execute.Errno.InvalidArgument] = "EINVAL",
    };

    private readonly Parts _parts;

    public StraceCommand(Log log, Interruption interruption)
        : this(log, interruption, new Parts())
    {
    }

    private StraceCommand(Log log, Interruption interruption, Parts parts)
        : base(log, interruption, "strace", "run a state and print its system calls", parts.All)
    {
        _parts = parts;
    }

    /// <inheritdoc/>
    public override int Run(ParseResult flags, IReadOnlyList<string> serverCommand)
    {
        bool isJson = flags.GetValue(JsonFlag);
        OracleSettings settings = _parts.Oracle.Read(flags, serverCommand);
        ulong? until = flags.TextOf(_parts.Until).Length > 0
            ? flags.NumberOf(_parts.Until, ulong.MaxValue)
            : null;
        string[] only = NamesOf(flags);
        new FilePlan()
            .Reads(_parts.Input.Name, flags.TextOf(_parts.Input))
            .Reads(_parts.Meta.Name, flags.TextOf(_parts.Meta))
            .Uses(settings)
            .Check();
        SymbolTable symbols =
            flags.TextOf(_parts.Meta) is { Length: > 0 } meta ? MetaFile.Read(meta) : SymbolTable.Empty;
        MachineImage image = StateFile.Read(flags.TextOf(_parts.Input));
        var calls = new SyscallLog(
            image.Features,
            call =>
            {
                if (only.Length == 0 || only.Contains(call.Name))
                {
                    Write(call, image.Features.WordBits, isJson);
                }
            })
        {
            Memory = image.Memory,
        };
        Interruption.Defer();
        var output = new GuestLog(Log);
        using IPreimageOracle oracle =
            OracleFactory.Create(settings, output.WriteHostLine, Interruption.Token);
        using Machine machine = Machine.Create(
            image,
            new MachineOptions
            {
                Oracle = oracle,
                Symbols = symbols,
                Syscalls = calls,
                Engine = EngineFlag.KindOf(flags, _parts.Engine),
            });
        try
        {
            _ = machine.Run(new RunLimits { UntilStep = until, Cancellation = Interruption.Token });
        }
        catch (CulverinException error) when (error.Code == ErrorCode.Cancelled)
        {
            return ExitCodes.Interrupted;
        }
        finally
        {
            calls.Flush();
        }

        return ExitCodes.Success;
    }

    private string[] NamesOf(ParseResult flags)
    {
        string[] names = flags.TextOf(_parts.Only).Split(
            ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (names.Length == 0 && flags.IsGiven(_parts.Only))
        {
            throw new CulverinException(ErrorCode.InvalidArgument, "--only names no system call.");
        }

        return Array.Find(names, name => !SyscallNames.IsKnown(name)) is not { } unknown
            ? names
            : throw new CulverinException(
                ErrorCode.InvalidArgument, $"--only: there is no system call \"{unknown}\".");
    }

    private static void Write(SyscallRecord record, int wordBits, bool isJson)
    {
        if (isJson)
        {
            SyscallCall call = record.Call;
            StandardOutput.WriteJson(
                new SyscallReport(
                    call.Step,
                    call.Thread,
                    call.ProgramCounter,
                    record.Name,
                    call.Number,
                    record.Arguments,
                    record.Result,
                    record.Errno),
                isIndented: false);
            return;
        }

        StandardOutput.WriteText(string.Create(
            CultureInfo.InvariantCulture,
            $"{record.Call.Step,12} {record.Call.Thread,3} {record.Name}({record.Arguments}) = ")
            + $"{Answer(record, wordBits)}\n");
    }

    private static string Answer(SyscallRecord record, int wordBits)
    {
        if (record.Result is not { } result)
        {
            return "?";
        }

        if (record.Errno != 0)
        {
            string number = record.Errno.ToString(CultureInfo.InvariantCulture);
            return $"-1 {ErrorNames.GetValueOrDefault(record.Errno, "errno")} ({number})";
        }

        // Addresses are read better in hexadecimal digits.
        const ulong LargestCount = 1 << 16;
        return result <= LargestCount
            ? result.ToString(CultureInfo.InvariantCulture)
            : "0x" + result.ToString(wordBits == 32 ? "x8" : "x16", CultureInfo.InvariantCulture);
    }

    /// <summary>The flags.</summary>
    private sealed class Parts
    {
        public Option<string> Input { get; } = Flag.RequiredText("--input", "FILE", "state to start from");

        public Option<string> Meta { get; } = Flag.Text(
            "--meta", "FILE", "symbols written by load-elf; none if empty", mayBeEmpty: true);

        public Option<string> Until { get; } = Flag.Text("--until", "STEP", "step to stop at");

        public Option<string> Only { get; } = Flag.Text(
            "--only", "NAMES", "only these system calls, by their Linux names with commas between");

        public Option<string> Engine { get; } = EngineFlag.Create();

        public OracleFlags Oracle { get; } = new();

        public Option[] All => [Input, Meta, Until, Only, Engine, .. Oracle.All];
    }
}
