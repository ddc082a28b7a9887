using System.Globalization;
using Culverin.Cli.Files;
using Culverin.Cli.Output;
using Culverin.Cli.Reports;
using Culverin.Execute;
using Culverin.Files;
using Culverin.Guest;
using Culverin.Prove;
using Culverin.Run;
using Culverin.State;

namespace Culverin.Cli.Commands.Run;

/// <summary>What a run does at its interesting steps.</summary>
internal sealed class RunActions
{
    private const int UnitBytes = 1024;
    private const string UnitLetters = "KMGT";

    private readonly RunSettings _settings;
    private readonly Machine _machine;
    private readonly SymbolTable _symbols;
    private readonly ProgressDisplay _progress;
    private readonly RunIndex? _index;
    private readonly Log _log;

    public RunActions(
        RunSettings settings,
        Machine machine,
        SymbolTable symbols,
        ProgressDisplay progress,
        RunIndex? index,
        Log log)
    {
        _index = index;
        _settings = settings;
        _machine = machine;
        _symbols = symbols;
        _progress = progress;
        _log = log;
    }

    /// <summary>Proofs written so far.</summary>
    public int ProofCount { get; private set; }

    /// <summary>Snapshots written so far.</summary>
    public int SnapshotCount { get; private set; }

    /// <summary>The function at the program counter.</summary>
    public string FunctionName => _symbols.NameAt(_machine.ProgramCounter);

    /// <summary>The program counter as the log shows addresses.</summary>
    public string ProgramCounterText => HexWord(_machine.ProgramCounter);

    /// <summary>Logs where the run is, as the reference does.</summary>
    public void LogProgress() => _log.Info(
        "processing",
        ("module", "vm"),
        ("step", _machine.Step),
        ("pc", ProgramCounterText),
        ("insn", HexWord(_machine.Image.Memory.ReadUInt32(_machine.ProgramCounter & ~3UL))),
        ("ips", Math.Round(_progress.StepsPerSecond(_machine.Step))),
        ("pages", _machine.PageCount),
        ("mem", SizeText((ulong)_machine.PageCount * GuestMemory.PageSizeBytes)),
        ("name", FunctionName));

    /// <summary>Prints step and state hash, the data that a dispute bisects over.</summary>
    public void PrintHash()
    {
        string hash = Report.Hex(_machine.StateHash());
        if (!_settings.IsJson)
        {
            StandardOutput.WriteText($"{_machine.Step} {hash}\n");
            return;
        }

        StandardOutput.WriteJson(new HashReport(_machine.Step, hash), isIndented: false);
    }

    /// <summary>Logs that --stop-at matched.</summary>
    public void LogStopAt() => _log.Info("Reached stop at", ("module", "vm"), ("step", _machine.Step));

    /// <summary>Logs which read ended the run.</summary>
    public void LogPreimageStop(PreimageRead read, ulong step) => _log.Info(
        "Stopping at preimage read",
        ("module", "vm"),
        ("key", Report.Hex(read.Key)),
        ("offset", read.Offset),
        ("size", read.Value.Length + PreimageRead.PrefixSizeBytes),
        ("step", step));

    /// <summary>Saves the state before this step.</summary>
    public void WriteSnapshot()
    {
        string path = _settings.SnapshotFormat.Expand(_machine.Step);
        if (_index is null || !_index.HasSnapshot(path, _machine.Step))
        {
            StateFile.Write(path, _machine.Image);
            _index?.AddSnapshot(path, _machine.Step);
        }

        SnapshotCount++;
    }

    /// <summary>Executes the step and writes its proof.</summary>
    public void WriteProof()
    {
        StepProof proof = _machine.Prove();
        ProofFile.Write(_settings.ProofFormat.Expand(proof.Step), proof);
        ProofCount++;
    }

    private static string HexWord(ulong value) => value.ToString("x8", CultureInfo.InvariantCulture);

    private static string SizeText(ulong bytes)
    {
        if (bytes < UnitBytes)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{bytes} B");
        }

        double size = (double)bytes / UnitBytes;
        int unit = 0;
        while (size >= UnitBytes && unit + 1 < UnitLetters.Length)
        {
            size /= UnitBytes;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{size:F1} {UnitLetters[unit]}iB");
    }
}
