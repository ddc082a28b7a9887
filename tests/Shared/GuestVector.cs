using System.Text.Json;
using Culverin.Guest;
using Culverin.Oracle;
using Culverin.Run;
using Culverin.Versions;

namespace Culverin.Tests.Shared;

/// <summary>One recorded proof.</summary>
public sealed record RecordedProof(string Label, JsonElement Proof)
{
    /// <summary>The step it proves.</summary>
    public ulong Step => Proof.GetProperty("step").GetUInt64();

    /// <summary>A hexadecimal field as bytes; null when it is absent.</summary>
    public byte[]? Bytes(string name) =>
        Proof.TryGetProperty(name, out JsonElement value)
            ? Convert.FromHexString(value.GetString()!.AsSpan(2))
            : null;

    /// <summary>A number; 0 when it is absent, as in the reference's files.</summary>
    public ulong Number(string name) =>
        Proof.TryGetProperty(name, out JsonElement value) ? value.GetUInt64() : 0;
}

/// <summary>What the reference VM recorded of one guest in one state version.</summary>
public sealed class GuestVector
{
    private readonly JsonElement _info;

    /// <summary>Reads tests/vectors/vN/guest.</summary>
    public GuestVector(StateVersion version, string guest)
    {
        Version = version;
        Guest = guest;
        _info = JsonDocument.Parse(File.ReadAllText(Locate("info.json"))).RootElement;
    }

    /// <summary>The state version.</summary>
    public StateVersion Version { get; }

    /// <summary>The guest's name.</summary>
    public string Guest { get; }

    /// <summary>Total steps.</summary>
    public ulong Steps => _info.GetProperty("steps").GetUInt64();

    /// <summary>The guest's exit code.</summary>
    public byte ExitCode => _info.GetProperty("exitCode").GetByte();

    /// <summary>State hash before the first step.</summary>
    public string PrestateHash => _info.GetProperty("prestateHash").GetString()!;

    /// <summary>State hash at the end.</summary>
    public string FinalHash => _info.GetProperty("finalHash").GetString()!;

    /// <summary>What the guest wrote to descriptor 1.</summary>
    public string StandardOutput => _info.GetProperty("stdout").GetString()!;

    /// <summary>What the guest wrote to descriptor 2.</summary>
    public string StandardError => _info.GetProperty("stderr").GetString()!;

    /// <summary>Path of the program, gzip-compressed.</summary>
    public string ElfPath => RepositoryFiles.Vector("elf", _info.GetProperty("elf").GetString()!);

    /// <summary>Folder of the pre-images; null when the guest needs none.</summary>
    public string? OracleFolder =>
        _info.TryGetProperty("oracle", out JsonElement oracle) && oracle.ValueKind == JsonValueKind.String
            ? RepositoryFiles.Vector(
                "oracle", oracle.GetString()!.Replace("oracle_", "", StringComparison.Ordinal))
            : null;

    /// <summary>The step that panics; null for guests that run to their end.</summary>
    public ulong? PanicStep =>
        _info.TryGetProperty("panicStep", out JsonElement step) && step.ValueKind == JsonValueKind.Number
            ? step.GetUInt64()
            : null;

    /// <summary>All guests recorded for a version; there are none for version 4.</summary>
    public static IEnumerable<string> GuestsOf(StateVersion version)
    {
        string folder = RepositoryFiles.Vector($"v{(byte)version}");
        return Directory.Exists(folder)
            ? Directory.GetDirectories(folder)
                .Select(path => Path.GetFileName(path))
                .Order(StringComparer.Ordinal)
            : [];
    }

    /// <summary>Step and state hash pairs.</summary>
    public IEnumerable<(ulong Step, string Hash)> Hashes() =>
        JsonDocument.Parse(File.ReadAllText(Locate("hashes.json"))).RootElement.EnumerateArray()
            .Select(pair => (pair[0].GetUInt64(), pair[1].GetString()!));

    /// <summary>Recorded proofs by ascending step.</summary>
    public IReadOnlyList<RecordedProof> Proofs() =>
    [
        .. JsonDocument.Parse(RepositoryFiles.ReadGzip(Locate("proofs.json.gz"))).RootElement
            .EnumerateArray()
            .Select(entry => new RecordedProof(
                entry.GetProperty("class").GetString()!, entry.GetProperty("proof")))
            .OrderBy(proof => proof.Step),
    ];

    /// <summary>The program.</summary>
    internal ElfFile Elf() => ElfFile.Parse(RepositoryFiles.ReadGzip(ElfPath));

    /// <summary>A machine at step 0 with the guest's pre-images.</summary>
    internal Machine CreateMachine(MachineOptions? options = null)
    {
        IPreimageOracle oracle = OracleFolder is { } folder ? new DirectoryOracle(folder) : NoOracle.Instance;
        MachineOptions connected = (options ?? new MachineOptions()) with { Oracle = oracle };
        return Machine.Create(Loader.Load(Elf(), Version), connected);
    }

    private string Locate(string name) => RepositoryFiles.Vector($"v{(byte)Version}", Guest, name);
}
