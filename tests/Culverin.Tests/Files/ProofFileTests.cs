using System.Text;
using Culverin.Files;
using Culverin.Prove;
using Culverin.Tests.Oracle;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Tests.Files;

/// <summary>Proof files byte for byte.</summary>
public sealed class ProofFileTests
{
    [Theory]
    [InlineData(StateVersion.SingleThreaded2, "preimage")]
    [InlineData(StateVersion.SingleThreaded2, "quirks")]
    [InlineData(StateVersion.SingleThreaded, "allinsn")]
    public void RecordedProofsAreWrittenInTheReferencesLayoutAndReadBack(StateVersion version, string guest)
    {
        using var folder = new TemporaryFolder();
        int withOracle = 0;
        foreach (RecordedProof recorded in new GuestVector(version, guest).Proofs())
        {
            StepProof proof = FromRecord(recorded);
            withOracle += proof.Oracle is null ? 0 : 1;
            string expected = Layout(recorded);
            foreach (string name in new[] { "p.json", "p.json.gz" })
            {
                ProofFile.Write(folder.File(name), proof);
                byte[] written = name.EndsWith(".gz", StringComparison.Ordinal)
                    ? RepositoryFiles.ReadGzip(folder.File(name))
                    : File.ReadAllBytes(folder.File(name));
                Assert.Equal(expected, Encoding.UTF8.GetString(written));
                AssertEqual(proof, ProofFile.Read(folder.File(name)));
            }

            using var stream = new MemoryStream();
            ProofFile.Write(stream, proof);
            Assert.Equal(expected, Encoding.UTF8.GetString(stream.ToArray()));
        }

        Assert.Equal(guest == "preimage", withOracle > 0);
    }

    [Theory]
    [InlineData("\"step\": 7", "\"step\": \"7\"", "step is not")]
    [InlineData("\"step\": 7", "\"step\": 18446744073709551616", "step is not")]
    [InlineData("  \"step\": 7,\n", "", "no field \"step\"")]
    [InlineData("\"pre\": \"0x01", "\"pre\": \"0x", "pre is not")]
    [InlineData("\"post\": \"0x02", "\"post\": \"1102", "does not begin with 0x")]
    [InlineData("\"post\": \"0x02", "\"post\": null, \"x\": \"0x02", "post is not a string")]
    [InlineData("\"oracle-key\"", "\"oracle-kei\"", "only a part")]
    [InlineData("\"oracle-value\": \"0x0000000000000000", "\"oracle-value\": \"0x", "oracle-value is not")]
    [InlineData("{", "[{", "not an object")]
    public void WrongProofsAreNamed(string find, string replace, string what)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("p.json");
        ProofFile.Write(path, Sample());
        string text = File.ReadAllText(path);
        Assert.Contains(find, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(find, replace, StringComparison.Ordinal));
        CulverinException error = OracleAssert.Fails(ErrorCode.InvalidProof, () => ProofFile.Read(path));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains("p.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LongPreimagesPassAndTooLongOnesAreRefused()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("p.json.gz");
        StepProof proof = Sample();
        byte[] value = new byte[ProofFile.OracleValueMaxBytes / 4];
        ProofFile.Write(path, proof with { Oracle = new OracleData(proof.Oracle!.Key, value, 8) });
        Assert.Equal(value.Length, ProofFile.Read(path).Oracle!.Value.Length);
        value = new byte[ProofFile.OracleValueMaxBytes + 1];
        ProofFile.Write(path, proof with { Oracle = new OracleData(proof.Oracle!.Key, value, 8) });
        OracleAssert.Fails(ErrorCode.InvalidProof, () => ProofFile.Read(path));
    }

    /// <summary>A proof with all fields.</summary>
    internal static StepProof Sample()
    {
        byte[] pre = new byte[32];
        byte[] post = new byte[32];
        pre[0] = 1;
        post[0] = 2;
        return new StepProof
        {
            Step = 7,
            PreHash = pre,
            PostHash = post,
            StateData = new byte[226],
            ProofData = new byte[1792],
            Oracle = new OracleData(pre, new byte[12], 8),
        };
    }

    private static StepProof FromRecord(RecordedProof recorded) => new()
    {
        Step = recorded.Step,
        PreHash = recorded.Bytes("pre")!,
        PostHash = recorded.Bytes("post")!,
        StateData = recorded.Bytes("state-data")!,
        ProofData = recorded.Bytes("proof-data")!,
        Oracle = recorded.Bytes("oracle-key") is { } key
            ? new OracleData(key, recorded.Bytes("oracle-value")!, recorded.Number("oracle-offset"))
            : null,
    };

    private static string Layout(RecordedProof recorded)
    {
        var text = new StringBuilder();
        text.Append("{\n  \"step\": ").Append(recorded.Step);
        string[] names = ["pre", "post", "state-data", "proof-data", "oracle-key", "oracle-value"];
        foreach (string name in names)
        {
            if (recorded.Proof.TryGetProperty(name, out _))
            {
                text.Append(",\n  \"").Append(name).Append("\": \"")
                    .Append(recorded.Proof.GetProperty(name).GetString()).Append('"');
            }
        }

        if (recorded.Number("oracle-offset") != 0)
        {
            text.Append(",\n  \"oracle-offset\": ").Append(recorded.Number("oracle-offset"));
        }

        return text.Append("\n}\n\n").ToString();
    }

    private static void AssertEqual(StepProof expected, StepProof actual)
    {
        Assert.Equal(expected.Step, actual.Step);
        Assert.Equal(expected.PreHash, actual.PreHash);
        Assert.Equal(expected.PostHash, actual.PostHash);
        Assert.Equal(expected.StateData, actual.StateData);
        Assert.Equal(expected.ProofData, actual.ProofData);
        Assert.Equal(expected.Oracle?.Key, actual.Oracle?.Key);
        Assert.Equal(expected.Oracle?.Value, actual.Oracle?.Value);
        Assert.Equal(expected.Oracle?.Offset, actual.Oracle?.Offset);
    }
}
