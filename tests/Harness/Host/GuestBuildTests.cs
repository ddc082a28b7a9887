using System.Diagnostics;
using System.IO;
using System.IO.Compression;
using System.Threading.Tasks;
using Culverin.Files;
using Culverin.Guest;
using Culverin.Harness.Chain;
using Culverin.State;
using Culverin.Versions;
using Xunit;

namespace Culverin.Harness.Tests.Host;

/// <summary>The committed fault-proof program is what its source says.</summary>
public sealed class GuestBuildTests
{
    [Fact]
    public void The_first_state_is_that_of_the_program_and_has_the_written_hash()
    {
        using TemporaryFolder folder = new();
        string fresh = Path.Combine(folder.Path, "fresh.bin");
        using (MachineImage image = Loader.Load(
            ElfFile.Parse(Unpack("guest.elf.gz")), StateVersion.SingleThreaded))
        {
            StateFile.Write(fresh, image);
        }

        Assert.Equal(Unpack("prestate.bin.gz"), File.ReadAllBytes(fresh));
        using Machine machine = Machine.Create(StateFile.Read(fresh), new MachineOptions());
        Assert.Equal(Guest.PrestateHash, new Bytes32(machine.StateHash()));
    }

    [GoFact]
    public async Task The_source_builds_the_same_program()
    {
        using TemporaryFolder folder = new();
        string program = Path.Combine(folder.Path, "guest.elf");
        string[] flags = ["build", "-trimpath", "-buildvcs=false", "-ldflags=-w -buildid=", "-o", program];
        string said = await RunAsync(isForMachine: true, [.. flags, "."]);
        Assert.True(File.Exists(program), said);
        Assert.Equal(Unpack("guest.elf.gz"), await File.ReadAllBytesAsync(program));
    }

    [GoFact]
    public async Task The_programs_own_tests_pass()
    {
        string said = await RunAsync(isForMachine: false, "test", "./...");
        Assert.Contains("ok  \tculverin/guest/rollup", said, System.StringComparison.Ordinal);
        Assert.DoesNotContain("FAIL", said, System.StringComparison.Ordinal);
        Assert.Equal("", await RunAsync(isForMachine: false, "vet", "./..."));
    }

    private static byte[] Unpack(string name)
    {
        using FileStream file = File.OpenRead(Path.Combine(Guest.Folder, name));
        using GZipStream content = new(file, CompressionMode.Decompress);
        using MemoryStream bytes = new();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static async Task<string> RunAsync(bool isForMachine, params string[] arguments)
    {
        ProcessStartInfo start = new(GoFactAttribute.Compiler!, arguments)
        {
            WorkingDirectory = Guest.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["GOFLAGS"] = "";
        start.Environment["GOTOOLCHAIN"] = "local";
        start.Environment["CGO_ENABLED"] = "0";
        if (isForMachine)
        {
            start.Environment["GOOS"] = "linux";
            start.Environment["GOARCH"] = "mips";
            start.Environment["GOMIPS"] = "softfloat";
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output + await errors;
    }
}
