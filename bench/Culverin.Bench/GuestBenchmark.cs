using System.Text.Json;
using Culverin.Tests.Shared;
using Culverin.Versions;

namespace Culverin.Bench;

/// <summary>How fast one guest runs, in steps per second of wall time from process start to exit.</summary>
/// <param name="Elf">The guest.</param>
/// <param name="Version">State version.</param>
/// <param name="Steps">Its total steps.</param>
/// <param name="Interpreter">Our interpreter.</param>
/// <param name="Translator">Our translator.</param>
/// <param name="Peer">The reference binary; null without one.</param>
/// <param name="Emulator">qemu's user-mode emulator; null where it is not installed or cannot run it.</param>
/// <param name="Native">The same source as a program of this computer; null for Go, or without a C compiler.
/// </param>
internal sealed record GuestSpeed(
    string Elf,
    StateVersion Version,
    ulong Steps,
    double Interpreter,
    double Translator,
    double? Peer,
    double? Emulator,
    double? Native);

/// <summary>
/// The guests of bench/guests from their first step to their last, whose state hash must be the recorded one,
/// with both our engines; a reference binary of their word size executes their first steps in turn with us.
/// </summary>
internal sealed class GuestBenchmark(string ours, string? peer32, string? peer64, int rounds)
{
    /// <summary>Some seconds of the reference; its speed does not change after that.</summary>
    private const ulong PeerSteps = 100_000_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("culverin-bench").FullName;

    /// <summary>Runs all guests.</summary>
    public IReadOnlyList<GuestSpeed> Run()
    {
        try
        {
            List<GuestSpeed> speeds = [];
            foreach (OwnGuest guest in OwnGuest.RecordedIn(OwnGuest.BenchFolder))
            {
                Console.WriteLine($"  {guest.Elf}");
                speeds.Add(Measure(guest));
            }

            return speeds;
        }
        finally
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private GuestSpeed Measure(OwnGuest guest)
    {
        FeatureSet features = FeatureSet.Of(guest.Version);
        string elf = Path.Combine(_folder, "guest.elf");
        File.WriteAllBytes(elf, RepositoryFiles.ReadGzip(OwnGuest.ElfPath(guest.Elf, OwnGuest.BenchFolder)));
        if (!OperatingSystem.IsWindows())
        {
            // qemu runs executable files only.
            File.SetUnixFileMode(
                elf, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        string[] load = ["load-elf", "--type", features.Name, "--path", elf, "--out", "s.bin", "--meta", ""];
        _ = ProcessRun.Time(ours, load, _folder);
        string? peer = features.WordBits == 32 ? peer32 : peer64;
        List<double> interpreter = [];
        List<double> translator = [];
        List<double> reference = [];
        List<double> emulator = [];
        List<double> native = [];
        string? emulating = FindEmulator(features.WordBits, elf);
        string program = Path.Combine(_folder, "native");
        bool isNative = NativeBuild.TryBuild(guest.Elf, program);
        for (int round = 0; round < rounds; round++)
        {
            interpreter.Add(RunOurs(guest, "interpreter"));
            translator.Add(RunOurs(guest, "translator"));
            if (emulating is not null)
            {
                emulator.Add(ProcessRun.Time(emulating, [elf], _folder).TotalSeconds);
            }

            if (isNative)
            {
                native.Add(ProcessRun.Time(program, [], _folder).TotalSeconds);
            }

            if (peer is not null)
            {
                string[] limit = ["--stop-at", $"={PeerSteps}"];
                reference.Add(ProcessRun.Time(peer, [.. RunArguments, .. limit], _folder).TotalSeconds);
            }
        }

        return new GuestSpeed(
            guest.Elf,
            guest.Version,
            guest.Steps,
            guest.Steps / ProcessRun.Median(interpreter),
            guest.Steps / ProcessRun.Median(translator),
            reference.Count > 0 ? PeerSteps / ProcessRun.Median(reference) : null,
            emulator.Count > 0 ? guest.Steps / ProcessRun.Median(emulator) : null,
            native.Count > 0 ? guest.Steps / ProcessRun.Median(native) : null);
    }

    // A guest that asks for more than Linux gives ends with an error there, and is then left out.
    private string? FindEmulator(int wordBits, string elf)
    {
        string name = wordBits == 32 ? "qemu-mips" : "qemu-mips64";
        string? found = ExecutablePath.Find(name);
        if (found is null)
        {
            return null;
        }

        try
        {
            _ = ProcessRun.Time(found, [elf], _folder);
            return found;
        }
        catch (IOException error)
        {
            Console.Error.WriteLine($"Measured without {name}. {error.Message}");
            return null;
        }
    }

    private static string[] RunArguments =>
        ["run", "--input", "s.bin", "--output", "o.bin", "--meta", "", "--info-at", "%10000000000"];

    private double RunOurs(OwnGuest guest, string engine)
    {
        double seconds = ProcessRun.Time(ours, [.. RunArguments, "--engine", engine], _folder).TotalSeconds;
        string[] witness = ["witness", "--input", "o.bin"];
        _ = ProcessRun.Time(ours, witness, _folder, out string json);
        string? hash = JsonDocument.Parse(json).RootElement.GetProperty("witnessHash").GetString();
        return hash == guest.FinalHash
            ? seconds
            : throw new InvalidDataException($"{guest.Elf} ended with {hash} by the {engine}.");
    }
}
