using System.Text.Json;
using Culverin.Guest;
using Culverin.Run;
using Culverin.Versions;

namespace Culverin.Tests.Shared;

/// <summary>
/// A guest whose source is in the repository, in one state version, with what the reference VM of that
/// version says of it: a state hash on the way, where the run is long enough, and the end.
/// </summary>
public sealed class OwnGuest
{
    /// <summary>Folder of the guests made for tests.</summary>
    public const string TestFolder = "tests/guests";

    /// <summary>Folder of the guests made for measuring: some hundred million steps each.</summary>
    public const string BenchFolder = "bench/guests";

    private readonly JsonElement _entry;
    private readonly string _folder;

    private OwnGuest(string folder, JsonElement entry)
    {
        _folder = folder;
        _entry = entry;
    }

    /// <summary>File name of the program without ".gz".</summary>
    public string Elf => _entry.GetProperty("elf").GetString()!;

    /// <summary>The state version.</summary>
    public StateVersion Version => (StateVersion)_entry.GetProperty("version").GetByte();

    /// <summary>Step of <see cref="Hash"/>; null if the run is shorter.</summary>
    public ulong? Step =>
        _entry.TryGetProperty("step", out JsonElement step) ? step.GetUInt64() : null;

    /// <summary>State hash at <see cref="Step"/>.</summary>
    public string? Hash => _entry.TryGetProperty("hash", out JsonElement hash) ? hash.GetString() : null;

    /// <summary>Total steps.</summary>
    public ulong Steps => _entry.GetProperty("steps").GetUInt64();

    /// <summary>The guest's exit code.</summary>
    public byte ExitCode => _entry.GetProperty("exitCode").GetByte();

    /// <summary>State hash at the end.</summary>
    public string FinalHash => _entry.GetProperty("finalHash").GetString()!;

    /// <summary>What is recorded of a folder's guests.</summary>
    public static IReadOnlyList<OwnGuest> RecordedIn(string folder) =>
    [
        .. JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryFiles.Root, folder, "expected.json")))
            .RootElement.EnumerateArray()
            .Select(entry => new OwnGuest(folder, entry)),
    ];

    /// <summary>What is recorded of a guest in a version.</summary>
    public static OwnGuest Of(string folder, string elf, StateVersion version) =>
        RecordedIn(folder).First(guest => guest.Elf == elf && guest.Version == version);

    /// <summary>Path of a program, gzip-compressed.</summary>
    public static string ElfPath(string elf, string folder = TestFolder) =>
        Path.Combine(RepositoryFiles.Root, folder, "elf", elf + ".gz");

    /// <summary>A program.</summary>
    internal static ElfFile Read(string elf, string folder = TestFolder) =>
        ElfFile.Parse(RepositoryFiles.ReadGzip(ElfPath(elf, folder)));

    /// <summary>A machine at step 0.</summary>
    internal static Machine CreateMachine(string elf, StateVersion version, string folder = TestFolder) =>
        Machine.Create(Loader.Load(Read(elf, folder), version), new MachineOptions());

    /// <summary>A machine at step 0.</summary>
    internal Machine CreateMachine(MachineOptions? options = null) =>
        Machine.Create(Loader.Load(Read(Elf, _folder), Version), options ?? new MachineOptions());
}
