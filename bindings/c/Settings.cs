using Culverin.Abi.Types;
using Culverin.Oracle;
using Culverin.Run;
using Culverin.Versions;

namespace Culverin.Abi;

/// <summary>Options of C callers as those of the engine.</summary>
internal static unsafe class Settings
{
    // SAFETY: pointers inside of structs obey the header's contract, as those of arguments do.
    private const int WordsMax = 1 << 16;

    /// <summary>What a machine or trace is connected to; null is the default.</summary>
    private static MachineOptions Of(Options* options)
    {
        if (options is null)
        {
            return MachineOptions.Default;
        }

        Options given = Arguments.Struct(options, "options");
        if (given.Engine is < 0 or > (int)EngineKind.Translator
            || (given.Flags & ~(uint)Flag.UncheckedPreimages) != 0)
        {
            throw new CulverinException(
                ErrorCode.InvalidArgument, "The options name an engine or flags that do not exist.");
        }

        return new MachineOptions
        {
            Engine = (EngineKind)given.Engine,
            Output = given.Output is null ? null : new OutputAdapter(given.Output, given.OutputUser),
            MetaPath = Arguments.OptionalText(given.MetaPath),
            Preimages = PreimagesOf(given),
            Log = given.Log is null ? null : new LogAdapter(given.Log, given.LogUser).Write,
        };
    }

    /// <summary>Makes something with settings, which are closed if that fails.</summary>
    public static TObject Connect<TObject>(Options* options, Func<MachineOptions, TObject> make)
    {
        MachineOptions machine = Of(options);
        try
        {
            return make(machine);
        }
        catch
        {
            Close(machine);
            throw;
        }
    }

    /// <summary>Nothing is logged any more when it returns: the caller's callback may go away.</summary>
    public static void Close(MachineOptions machine) => (machine.Log?.Target as LogAdapter)?.Close();

    /// <summary>A state version by its number.</summary>
    public static StateVersion VersionOf(uint number) => number <= byte.MaxValue
        ? FeatureSet.Of((StateVersion)number).Version
        : throw new CulverinException(
            ErrorCode.UnsupportedVersion, $"There is no state version {number}.");

    /// <summary>Limits of a trace; null are the defaults.</summary>
    public static Trace.TraceOptions Of(TraceOptions* options)
    {
        var defaults = new Trace.TraceOptions();
        if (options is null)
        {
            return defaults;
        }

        TraceOptions given = Arguments.Struct(options, "trace_options");
        return defaults with
        {
            InputName = Arguments.OptionalText(given.InputName),
            SpacingSteps = given.SpacingSteps,
            DiskBytesMax = given.DiskBytesMax == 0
                ? defaults.DiskBytesMax
                : (long)Math.Min(given.DiskBytesMax, long.MaxValue),
            MemoryBytesMax = given.MemoryBytesMax,
            LockWait = TimeSpan.FromMilliseconds(Math.Min(given.LockTimeoutMilliseconds, int.MaxValue)),
            Parallelism = (int)Math.Clamp(given.Parallelism, 1, (uint)Environment.ProcessorCount),
        };
    }

    private static PreimageSource PreimagesOf(in Options given)
    {
        OracleOptions defaults = OracleOptions.Default;
        OracleOptions options = defaults with
        {
            VerifyHashes = (given.Flags & (uint)Flag.UncheckedPreimages) == 0,
            PreimageBytesMax = given.PreimageBytesMax == 0
                ? defaults.PreimageBytesMax
                : (int)Math.Min(given.PreimageBytesMax, OracleOptions.PreimageBytesLimit),
            AnswerDeadline = given.AnswerTimeoutMilliseconds == 0
                ? defaults.AnswerDeadline
                : TimeSpan.FromMilliseconds(Math.Min(given.AnswerTimeoutMilliseconds, int.MaxValue)),
        };
        var adapter = new PreimageAdapter(given.Preimage, given.PreimageUser, given.Hint, given.HintUser);
        return new PreimageSource
        {
            Oracle = given.Preimage is null
                ? null
                : new CallbackOracle(adapter.GetPreimage, adapter.Hint, options),
            ServerCommand = WordsOf(given.ServerCommand, given.ServerCommandCount),
            FolderPath = Arguments.OptionalText(given.FolderPath),
            ReplayPath = Arguments.OptionalText(given.ReplayPath),
            RecordPath = Arguments.OptionalText(given.RecordPath),
            Options = options,
        };
    }

    private static string[] WordsOf(sbyte** words, nuint count)
    {
        if (words is null || count > WordsMax)
        {
            return count == 0 ? [] : throw new MisuseException("server_command and its count do not fit.");
        }

        string[] result = new string[count];
        for (int index = 0; index < result.Length; index++)
        {
            result[index] = Arguments.Text(words[index], "server_command");
        }

        return result;
    }
}
