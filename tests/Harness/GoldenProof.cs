using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text.Json;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;

namespace Culverin.Harness.Tests;

/// <summary>One recorded step proof of the reference VM.</summary>
internal sealed record GoldenProof(
    string Name,
    Bytes32 Post,
    byte[] StateData,
    byte[] ProofData,
    PreimagePart? Preimage)
{
    internal StepCall Call => new(StateData, ProofData);

    /// <summary>The proofs of one guest ("v0/hello"), in the order of the file.</summary>
    internal static List<GoldenProof> Load(string guest)
    {
        using FileStream file = File.OpenRead(Path.Combine(Repository.Vectors, guest, "proofs.json.gz"));
        using GZipStream unpacked = new(file, CompressionMode.Decompress);
        using JsonDocument document = JsonDocument.Parse(unpacked);
        return [.. document.RootElement.EnumerateArray().Select(entry => Read(guest, entry))];
    }

    /// <summary>The names of all guests recorded for a state version.</summary>
    internal static IEnumerable<string> Guests(string version) => Directory
        .EnumerateDirectories(Path.Combine(Repository.Vectors, version))
        .Select(folder => version + "/" + Path.GetFileName(folder))
        .Order();

    private static GoldenProof Read(string guest, JsonElement entry)
    {
        JsonElement proof = entry.GetProperty("proof");
        ulong step = proof.GetProperty("step").GetUInt64();
        PreimagePart? preimage = null;
        if (proof.TryGetProperty("oracle-key", out JsonElement key))
        {
            bool hasOffset = proof.TryGetProperty("oracle-offset", out JsonElement value);
            uint offset = hasOffset ? value.GetUInt32() : 0;
            preimage = new PreimagePart(
                Bytes32.Parse(key.GetString()!), Bytes(proof, "oracle-value"), offset);
        }

        return new GoldenProof(
            $"{guest} step {step} {entry.GetProperty("class").GetString()}",
            new Bytes32(Bytes(proof, "post")),
            Bytes(proof, "state-data"),
            Bytes(proof, "proof-data"),
            preimage);
    }

    private static byte[] Bytes(JsonElement proof, string name) =>
        Hex.Parse(proof.GetProperty(name).GetString()!);
}
