using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Culverin.Execute;
using Culverin.Harness.Host;
using Culverin.Harness.Values;
using Culverin.Oracle;
using Culverin.Run;
using Culverin.Versions;
using Xunit;

namespace Culverin.Harness.Tests.Host;

/// <summary>The program that executes one block, on real blocks, in the virtual machine.</summary>
public sealed class BlockProgramTests
{
    private const ulong SmallBlock = 26_207_960;
    private const ulong LargeBlock = 26_208_384;
    private const ulong SecondBlock = 26_208_927;
    private const byte Undecided = 2;

    /// <summary>
    /// The most steps that are allowed, by block, for version 8; version 0 may take 1.3 times as many.
    /// </summary>
    private static readonly Dictionary<ulong, ulong> StepsMax = new()
    {
        [SecondBlock] = 700_000_000,
        [LargeBlock] = 1_050_000_000,
    };

    [FixtureTheory(RealBlocks.Archive)]
    [InlineData(0, 1.3)]
    [InlineData(8, 1.0)]
    public async Task Real_blocks_have_their_hashes_in_the_virtual_machine(int version, double factor)
    {
        using RealBlocks blocks = new();
        string[] files = blocks.Files;
        Assert.True(files.Length >= 5);
        (int exitCode, string output, string error) =
            await HarnessCommand.RunAsync(
                ["program", "block", .. files, "--state-version", $"{version}", "--json"]);
        Assert.True(exitCode == 0, error + output);
        JsonElement[] lines = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(files.Length, lines.Length);
        foreach (JsonElement line in lines)
        {
            Assert.Equal("right", line.GetProperty("verdict").GetString());
            Assert.Contains(
                line.GetProperty("expectedHash").GetString()!,
                line.GetProperty("output").GetString(),
                StringComparison.Ordinal);
            if (StepsMax.TryGetValue(line.GetProperty("block").GetUInt64(), out ulong most))
            {
                Assert.InRange(line.GetProperty("steps").GetUInt64(), 1ul, (ulong)(most * factor));
            }
        }
    }

    [FixtureTheory(RealBlocks.Archive)]
    [InlineData(StateVersion.SingleThreaded)]
    [InlineData(StateVersion.MultiThreaded64V5)]
    internal void A_changed_byte_in_any_preimage_leaves_the_block_unknown(StateVersion version)
    {
        using RealBlocks blocks = new();
        BlockFile file = blocks.Read(SmallBlock);
        using ChangingOracle whole = new(file);
        Assert.Equal(0, Run(version, whole).ExitCode);
        Bytes32[] hashed = [.. whole.Asked.Where(key => key.FirstByte == 2).Distinct()];
        Assert.True(hashed.Length > 300);
        const int Seed = 5;
        Random random = new(Seed);
        foreach (Bytes32 key in random.GetItems(hashed, 4).Append(hashed[0]).Append(hashed[^1]))
        {
            using ChangingOracle changed = new(file) { Changed = key, Place = random.Next() };
            (byte exitCode, string said) = Run(version, changed);
            Assert.True(exitCode == Undecided, $"{key}, seed {Seed}: {exitCode}");
            Assert.Contains(key.ToString()[4..], said, StringComparison.Ordinal);
        }
    }

    [FixtureTheory(RealBlocks.Archive)]
    [InlineData("--state-version", "7")]
    [InlineData("--state-version", "8", "--l1", "no address")]
    [InlineData("--json")]
    public async Task A_wrong_command_line_is_refused(params string[] flags)
    {
        using RealBlocks blocks = new();
        (int exitCode, _, string error) =
            await HarnessCommand.RunAsync(["program", "block", blocks.PathOf(SmallBlock), .. flags]);
        Assert.Equal(2, exitCode);
        Assert.StartsWith("culverin-harness: ", error, StringComparison.Ordinal);
    }

    [FixtureTheory("op-sepolia-blocks.tar.xz")]
    [InlineData("executing_payload", "eip1559Params", "holocene")]
    [InlineData("executing_payload", "minBaseFee", "jovian")]
    [InlineData("parent_header", "requestsHash", "isthmus")]
    public async Task A_block_without_what_its_fork_has_is_unknown(string place, string name, string fork)
    {
        using RealBlocks blocks = new();
        JsonNode file = JsonNode.Parse(await File.ReadAllTextAsync(blocks.PathOf(SmallBlock)))!;
        file["rollup_config"]![fork + "_time"] = 0;
        _ = file[place]!.AsObject().Remove(name);
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "block.json");
        await File.WriteAllTextAsync(path, file.ToJsonString());
        (int exitCode, string output, string error) =
            await HarnessCommand.RunAsync(["program", "block", path, "--state-version", "8"]);
        Assert.Equal(1, exitCode);
        Assert.DoesNotContain("wrong,", output, StringComparison.Ordinal);
        string sentence = $"{place}.{name} is missing: blocks have it since {fork}";
        Assert.Contains(sentence, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "without 'preimages'")]
    [InlineData("[", "malformed")]
    [InlineData("""{"preimages": ["00"]}""", "hexadecimal")]
    public async Task A_file_that_is_no_block_is_refused(string content, string problem)
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "block.json");
        await File.WriteAllTextAsync(path, content);
        (int exitCode, _, string error) =
            await HarnessCommand.RunAsync(["program", "block", path, "--state-version", "8"]);
        Assert.Equal(1, exitCode);
        Assert.Contains(problem, error, StringComparison.Ordinal);
    }

    private static (byte ExitCode, string Said) Run(StateVersion version, IPreimageOracle oracle)
    {
        Listener output = new();
        using IEngineMachine machine = BlockProgram.Load(
            version, CheckedSource.Connect(oracle) with { Output = output });
        _ = machine.Run(new RunLimits());
        return (machine.Describe().ExitCode, output.Text.ToString());
    }

    private sealed class Listener : IGuestOutput
    {
        public StringBuilder Text { get; } = new();

        public void Write(int descriptor, ReadOnlySpan<byte> bytes) =>
            Text.Append(Encoding.UTF8.GetString(bytes));
    }

    /// <summary>Serves a file's pre-images, one of them with a changed byte.</summary>
    private sealed class ChangingOracle(BlockFile file) : IPreimageOracle
    {
        private readonly BlockOracle _inner = new(file, new PrecompileAnswers(
            _ => throw new InvalidOperationException("The block needs signatures only.")));

        public Bytes32? Changed { get; init; }

        public int Place { get; init; }

        public List<Bytes32> Asked { get; } = [];

        public byte[] GetPreimage(ReadOnlySpan<byte> key)
        {
            Bytes32 name = new(key);
            Asked.Add(name);
            byte[] value = _inner.GetPreimage(key);
            if (name == Changed)
            {
                value[Place % value.Length] ^= 1;
            }

            return value;
        }

        public void Hint(ReadOnlySpan<byte> payload) => _inner.Hint(payload);

        public void Shutdown()
        {
        }

        public void Dispose() => _inner.Dispose();
    }
}
