using System.Diagnostics;
using System.IO.Compression;
using Culverin.Commit;
using Culverin.Files;
using Culverin.Guest;
using Culverin.Harness.Values;
using Culverin.State;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Harness.Tests.Host;

/// <summary>The committed fault-proof program is what its source says.</summary>
public sealed class GuestBuildTests(ITestOutputHelper output)
{
    /// <summary>
    /// Where Debian's packages of libraries are; tests of channels and of the node say what they left out.
    /// </summary>
    private const string BrotliSources = "/usr/share/gocode/src/github.com/andybalholm/brotli";

    private const string BoltSources = "/usr/share/gocode/src/go.etcd.io/bbolt";

    private const string BrotliFlags = "-modfile=brotli.mod -tags=brotli";

    private static readonly GuestProgram[] Programs =
    [
        new(".", "mips", StateVersion.SingleThreaded, "guest.elf.gz", "prestate.bin.gz", "prestate.hash"),
        .. BothVersions("execute-block", needsBrotli: false),
        .. BothVersions("fault-proof", needsBrotli: true),
    ];

    private static bool HasBrotli => Directory.Exists(BrotliSources);

    [Fact]
    public void The_first_state_is_that_of_the_program_and_has_the_written_hash()
    {
        foreach (GuestProgram each in Programs)
        {
            using TemporaryFolder folder = new();
            string fresh = Path.Combine(folder.Path, "fresh.bin");
            using (MachineImage image = Loader.Load(ElfFile.Parse(Unpack(each.Elf)), each.Version))
            {
                StateFile.Write(fresh, image);
            }

            Assert.Equal(Unpack(each.State), File.ReadAllBytes(fresh));
            using MachineImage read = StateFile.Read(fresh);
            string written = File.ReadAllText(Path.Combine(Guest.Folder, each.Hash)).Trim();
            Assert.Equal(Bytes32.Parse(written), new Bytes32(Commitment.Of(read).Hash));
        }
    }

    [GoFact]
    public async Task The_source_builds_the_same_programs()
    {
        foreach (GuestProgram each in Programs)
        {
            if (each.NeedsBrotli && !HasBrotli)
            {
                output.WriteLine($"{each.Elf} was NOT rebuilt: there are no brotli sources here.");
                continue;
            }

            using TemporaryFolder folder = new();
            string program = Path.Combine(folder.Path, "guest.elf");
            string said = await RunAsync(
                each.Architecture,
                each.NeedsBrotli ? BrotliFlags : "",
                "build", "-trimpath", "-buildvcs=false", "-ldflags=-buildid=", "-o", program, each.Package);
            Assert.True(File.Exists(program), said);
            byte[] built = await File.ReadAllBytesAsync(program);
            Assert.True(
                built.AsSpan().SequenceEqual(Unpack(each.Elf)),
                $"{each.Elf} is not what the source builds: run harness/guest/build.sh.");
        }
    }

    [GoFact]
    public async Task The_programs_own_tests_pass()
    {
        string said = await RunAsync(null, NativeFlags(), "test", "-timeout", "60m", "./...");
        Assert.Contains("ok  \tculverin/guest/rollup", said, StringComparison.Ordinal);
        Assert.DoesNotContain("FAIL", said, StringComparison.Ordinal);

        // The arithmetic that 32-bit machines use, on this one.
        said = await RunAsync(null, NativeFlags(), "test", "-tags", "limbs32", "./u256");
        Assert.StartsWith("ok  \tculverin/guest/u256", said, StringComparison.Ordinal);
        Assert.Equal("", await RunAsync(null, NativeFlags(), "vet", "./..."));

        // What the virtual machine runs; the node is native only.
        foreach (string architecture in new[] { "mips", "mips64" })
        {
            string[] list = ["list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}"];
            string packages = await RunAsync(
                architecture, "", [.. list, .. Programs.Select(each => each.Package).Distinct()]);
            string[] vetted = packages.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Contains("culverin/guest/evm", vetted);
            Assert.Equal("", await RunAsync(architecture, "", ["vet", .. vetted]));
        }
    }

    private static byte[] Unpack(string name)
    {
        using FileStream file = File.OpenRead(Path.Combine(Guest.Folder, name));
        using GZipStream content = new(file, CompressionMode.Decompress);
        using MemoryStream bytes = new();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static IEnumerable<GuestProgram> BothVersions(string name, bool needsBrotli)
    {
        foreach ((string architecture, StateVersion version) in
            new[] { ("mips", StateVersion.SingleThreaded), ("mips64", StateVersion.MultiThreaded64V5) })
        {
            string file = $"{name}/version-{(byte)version}";
            yield return new GuestProgram(
                $"./{name}",
                architecture,
                version,
                $"{file}.elf.gz",
                $"{file}.bin.gz",
                $"{file}.hash",
                needsBrotli);
        }
    }

    private static async Task<string> RunAsync(
        string? architecture, string flags, params string[] arguments)
    {
        ProcessStartInfo start = new(GoFactAttribute.Compiler!, arguments)
        {
            WorkingDirectory = Guest.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["GOFLAGS"] = flags;
        start.Environment["GOTOOLCHAIN"] = "local";
        start.Environment["CGO_ENABLED"] = "0";
        if (architecture is not null)
        {
            start.Environment["GOOS"] = "linux";
            start.Environment["GOARCH"] = architecture;
            start.Environment["GOMIPS"] = "softfloat";
            start.Environment["GOMIPS64"] = "softfloat";
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return said + await errors;
    }

    /// <summary>The libraries that are there, as build.sh takes them.</summary>
    private static string NativeFlags()
    {
        if (!Directory.Exists(BrotliSources))
        {
            return "";
        }

        return Directory.Exists(BoltSources)
            ? "-modfile=node.mod -tags=brotli,bbolt"
            : BrotliFlags;
    }

    /// <summary>
    /// A program of the module: its folder, what it is built for, and the names of its committed files.
    /// </summary>
    private sealed record GuestProgram(
        string Package,
        string Architecture,
        StateVersion Version,
        string Elf,
        string State,
        string Hash,
        bool NeedsBrotli = false);
}
