using Culverin.Analyze;
using Culverin.Guest;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Tests.Analyze;

/// <summary>
/// Verdicts on the recorded guests, whose fate in both versions is known, and on damaged copies of them.
/// </summary>
public sealed class GuestAnalyzerVectorTests
{
    private const int Seed = 42;
    private const int Mutations = 1500;

    [Theory]
    [InlineData("hello", "go1.22.12", Verdict.CannotRun, Verdict.Runs)]
    [InlineData("preimage", "go1.22.12", Verdict.CannotRun, Verdict.Runs)]
    [InlineData("hello.go121", "go1.21.13", Verdict.Runs, Verdict.Runs)]
    [InlineData("preimage.go121", "go1.21.13", Verdict.Runs, Verdict.Runs)]
    [InlineData("sieve", null, Verdict.Runs, Verdict.Runs)]
    internal void VerdictsFitTheRecordedRuns(string guest, string? goVersion, Verdict old, Verdict second)
    {
        ElfFile elf = Guest(guest);
        AnalysisReport first = GuestAnalyzer.Analyze(elf, FeatureSet.Of(StateVersion.SingleThreaded));
        AnalysisReport other = GuestAnalyzer.Analyze(elf, FeatureSet.Of(StateVersion.SingleThreaded2));
        Assert.Equal(goVersion, first.GoVersion);
        Assert.True(old == first.Verdict, string.Join('\n', first.Reasons));
        Assert.True(second == other.Verdict, string.Join('\n', other.Reasons));
        Assert.True(first.FunctionCount > 0);
        Assert.Contains(first.Syscalls, call => call.Name == "write" && call.Reach != CodeReach.NotSeen);
    }

    // Each runs in all recorded versions from the oldest on; Go releases are newer than the versions before.
    [Theory]
    [InlineData("hello.go121", StateVersion.SingleThreaded)]
    [InlineData("hello", StateVersion.MultiThreaded)]
    [InlineData("threads", StateVersion.MultiThreaded)]
    [InlineData("sieve", StateVersion.SingleThreaded)]
    [InlineData("allinsn", StateVersion.MultiThreaded)]
    [InlineData("hello.64", StateVersion.MultiThreaded64)]
    [InlineData("preimage.64", StateVersion.MultiThreaded64)]
    [InlineData("threads.64", StateVersion.MultiThreaded64)]
    [InlineData("allinsn.64", StateVersion.MultiThreaded64)]
    [InlineData("sieve.64", StateVersion.MultiThreaded64)]
    [InlineData("hello.64.go124", StateVersion.MultiThreaded64V4)]
    [InlineData("preimage.64.go124", StateVersion.MultiThreaded64V4)]
    [InlineData("threads.64.go124", StateVersion.MultiThreaded64V4)]
    public void OldestVersionFitsTheRecordedRuns(string guest, StateVersion oldest)
    {
        ElfFile elf = Guest(guest);
        AnalysisReport? report = GuestAnalyzer.OldestVersion(elf);
        Assert.Equal(oldest, report?.Version);
        foreach (FeatureSet features in FeatureSet.All.Where(
            set => set.Version > oldest && set.WordBits == (elf.Is64 ? 64 : 32)))
        {
            AnalysisReport newer = GuestAnalyzer.Analyze(elf, features);
            Assert.True(newer.Verdict == Verdict.Runs, string.Join('\n', newer.Reasons));
        }
    }

    // One cannot see that a program divides by zero or jumps to an odd address; the rest shows in the code.
    [Theory]
    [InlineData("panic1", Verdict.MayPanic)]
    [InlineData("panic7", Verdict.CannotRun)]
    [InlineData("panic8", Verdict.CannotRun)]
    [InlineData("panic9", Verdict.CannotRun)]
    internal void GuestsThatPanicAreFound(string guest, Verdict verdict)
    {
        AnalysisReport report = GuestAnalyzer.Analyze(
            Guest(guest + ".64"), FeatureSet.Of(StateVersion.MultiThreaded64V5));
        Assert.True(verdict == report.Verdict, string.Join('\n', report.Reasons));
    }

    [Fact]
    public void GoRuntimeCallsAreAllSeen()
    {
        AnalysisReport report = GuestAnalyzer.Analyze(
            Guest("hello"), FeatureSet.Of(StateVersion.SingleThreaded2));
        SyscallFinding unknown = report.Syscalls.Single(call => call.Effect == FindingEffect.NumberUnknown);
        Assert.Equal("runtime.runPerThreadSyscall", Assert.Single(unknown.Places).Function);
        Assert.Equal(CodeReach.NotSeen, unknown.Reach);
        Assert.Contains(report.Syscalls, call => call is { Number: 4076, Name: "getrlimit" });
        Assert.Contains(report.Syscalls, call => call is { Number: 4238, Name: "futex" });
        Assert.Equal(10, report.Instructions.Single(finding => finding.Name == "teq").Count);
    }

    [Theory]
    [InlineData("allinsn")]
    [InlineData("quirks")]
    [InlineData("quirks-mt")]
    [InlineData("mtquirks")]
    [InlineData("allinsn.64")]
    [InlineData("mtquirks64.64")]
    public void AssemblyGuestsNeedNothingThatPanics(string guest)
    {
        ElfFile elf = Guest(guest);
        foreach (FeatureSet features in FeatureSet.All)
        {
            AnalysisReport report = GuestAnalyzer.Analyze(elf, features);
            if (features.WordBits != (elf.Is64 ? 64 : 32))
            {
                // A program of the other word size is refused, with the reason.
                Assert.Equal(Verdict.CannotRun, report.Verdict);
                Assert.Contains("-bit program", Assert.Single(report.Reasons), StringComparison.Ordinal);
                continue;
            }

            Assert.NotEqual(Verdict.CannotRun, report.Verdict);
            Assert.DoesNotContain(report.Instructions, finding => finding.Effect == FindingEffect.Panics);
        }
    }

    [Theory]
    [InlineData("sieve", StateVersion.SingleThreaded)]
    [InlineData("sieve.64", StateVersion.MultiThreaded64V5)]
    public void DamagedProgramsGiveAReportOrATypedError(string guest, StateVersion version)
    {
        byte[] original = RepositoryFiles.ReadGzip(RepositoryFiles.Vector("elf", $"{guest}.elf.gz"));
        var random = new Random(Seed);
        int reports = 0;
        for (int round = 0; round < Mutations; round++)
        {
            byte[] damaged = Damage(original, random);
            try
            {
                AnalysisReport report = GuestAnalyzer.Analyze(
                    ElfFile.Parse(damaged), FeatureSet.Of(version));
                Assert.NotEmpty(report.Reasons);
                reports++;
            }
            catch (CulverinException)
            {
            }
            catch (Exception error)
            {
                Assert.Fail($"seed {Seed}, round {round}: {error}");
            }
        }

        Assert.InRange(reports, 100, Mutations);
    }

    private static byte[] Damage(byte[] original, Random random)
    {
        byte[] damaged = random.Next(10) == 0
            ? original[..random.Next(original.Length)]
            : [.. original];
        int flips = random.Next(1, 20);
        for (int flip = 0; flip < flips && damaged.Length > 0; flip++)
        {
            // Mostly in headers, symbols and code rather than in the sections' names.
            int at = random.Next(random.Next(3) == 0 ? Math.Min(256, damaged.Length) : damaged.Length);
            int flipped = damaged[at] ^ (1 << random.Next(8));
            damaged[at] = (byte)(random.Next(2) == 0 ? random.Next(256) : flipped);
        }

        return damaged;
    }

    private static ElfFile Guest(string name) =>
        ElfFile.Parse(RepositoryFiles.ReadGzip(RepositoryFiles.Vector("elf", $"{name}.elf.gz")));
}
