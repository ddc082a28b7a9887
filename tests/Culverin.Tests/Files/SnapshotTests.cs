using Culverin.Files;
using Culverin.Guest;
using Culverin.Oracle;
using Culverin.Run;
using Culverin.Tests.Oracle;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Tests.Files;

/// <summary>
/// A run that is interrupted at a random step, saved, loaded and continued ends as if it had not been; the
/// reference's hashes say how.
/// </summary>
public sealed class SnapshotTests(ITestOutputHelper output)
{
    private const ulong ShortSteps = 1_000_000;
    private const ulong LongSteps = 30_000_000;
    private const int SnapshotsOfShortGuests = 6;
    private const int ProgramCount = 25;
    private const ulong ProgramSteps = 4000;
    private const ulong ProgramStepsMax = 15_000_000;

    public static TheoryData<StateVersion, string> Guests()
    {
        var rows = new TheoryData<StateVersion, string>();
        foreach (FeatureSet features in FeatureSet.All)
        {
            foreach (string guest in GuestVector.GuestsOf(features.Version))
            {
                rows.Add(features.Version, guest);
            }
        }

        return rows;
    }

    /// <summary>Programs of all kinds in every version of their word size.</summary>
    public static TheoryData<StateVersion, string> AllPrograms()
    {
        string[] wide =
        [
            "allinsn.64", "hello.64", "threads.64", "quirks64.64", "quirks64-v6.64", "mtquirks64.64",
            "mtquirks64-v6.64", "own wide.64.elf", "own wide-v3.64.elf", "own worker.64.go122.elf",
            "own worker.64.go123.elf", "own sparseheap.64.elf",
        ];
        string[] narrow =
        [
            "allinsn", "hello.go121", "threads", "quirks", "quirks-mt", "mtquirks", "own worker.go122.elf",
        ];
        var rows = new TheoryData<StateVersion, string>();
        foreach (FeatureSet features in FeatureSet.All)
        {
            foreach (string name in features.WordBits == 64 ? wide : narrow)
            {
                rows.Add(features.Version, name);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public void AnInterruptedGuestEndsAsRecorded(StateVersion version, string guest)
    {
        var vector = new GuestVector(version, guest);
        (ulong Step, string Hash)[] hashes = [.. vector.Hashes().OrderBy(pair => pair.Step)];
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        ulong last = vector.PanicStep ?? vector.Steps;
        int count = last <= ShortSteps ? SnapshotsOfShortGuests : 1;
        IEnumerable<ulong> stops = Enumerable.Range(0, count)
            .Select(_ => (ulong)random.NextInt64((long)Math.Min(last, LongSteps) + 1)).Order();
        using var folder = new TemporaryFolder();
        Machine machine = vector.CreateMachine();
        try
        {
            foreach (ulong stop in stops)
            {
                _ = machine.Run(new RunLimits { UntilStep = stop });
                machine = Reload(machine, folder.File("a.bin.gz"), CreateOracle(vector));
            }

            // A very long guest is followed only to the next recorded hash.
            (ulong Step, string Hash) next = hashes.FirstOrDefault(pair => pair.Step >= machine.Step);
            if (next.Hash is not null)
            {
                _ = machine.Run(new RunLimits { UntilStep = next.Step });
                Assert.True(next.Hash == Hex(machine.StateHash()), $"seed {seed}: differs at {next.Step}");
            }

            if (vector.PanicStep is null && last <= LongSteps)
            {
                Assert.Equal(StopReason.Exited, machine.Run(new RunLimits()));
                Assert.True(vector.FinalHash == Hex(machine.StateHash()), $"seed {seed}: ends otherwise");
                Assert.Equal(vector.Steps, machine.Step);
            }
        }
        finally
        {
            machine.Dispose();
        }
    }

    // Versions 4 and, for some programs, others have no recorded end; a whole run tells it.
    [Theory]
    [MemberData(nameof(AllPrograms))]
    public void AnInterruptedProgramEndsAsAWholeRun(StateVersion version, string name)
    {
        ElfFile elf = ReadProgram(name);
        using var folder = new TemporaryFolder();
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        using Machine whole = Create(elf, version);
        string end = RunTo(whole, ProgramStepsMax);
        Machine machine = Create(elf, version);
        string before = RunTo(machine, (ulong)new Random(seed).NextInt64((long)whole.Step + 1));
        output.WriteLine($"{end}, interrupted: {before}");
        using Machine back = Reload(machine, folder.File("a.bin"), NoOracle.Instance);
        Assert.Equal(end, RunTo(back, ProgramStepsMax));
        Assert.True(whole.StateHash().AsSpan().SequenceEqual(back.StateHash()), $"seed {seed}");
    }

    // Threads in every state, turns about to end, reservations and half-written hints survive.
    [Theory]
    [MemberData(nameof(StateVersions.All), MemberType = typeof(StateVersions))]
    public void InterruptedRandomProgramsGoOn(StateVersion version)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        using var folder = new TemporaryFolder();
        for (int index = 0; index < ProgramCount; index++)
        {
            var random = new Random(seed + index);
            using Machine whole = new RandomProgram(seed + index, version).CreateMachine();
            string end = RunTo(whole, ProgramSteps);
            Machine machine = new RandomProgram(seed + index, version).CreateMachine();
            _ = RunTo(machine, (ulong)random.NextInt64((long)whole.Step + 1));
            using Machine back = Reload(machine, folder.File("a.bin"), RandomSteps.CreateOracle());
            Assert.Equal(end, RunTo(back, ProgramSteps));
            Assert.True(
                whole.StateHash().AsSpan().SequenceEqual(back.StateHash()), $"seed {seed} index {index}");
        }
    }

    private static Machine Create(ElfFile elf, StateVersion version) =>
        Machine.Create(Loader.Load(elf, version), new MachineOptions());

    private static ElfFile ReadProgram(string name) => name.StartsWith("own ", StringComparison.Ordinal)
        ? OwnGuest.Read(name["own ".Length..])
        : ElfFile.Parse(RepositoryFiles.ReadGzip(RepositoryFiles.Vector("elf", name + ".elf.gz")));

    private static string RunTo(Machine machine, ulong step)
    {
        try
        {
            return $"{machine.Run(new RunLimits { UntilStep = step })} at {machine.Step}";
        }
        catch (CulverinException error)
        {
            return error.Message;
        }
    }

    private static Machine Reload(Machine machine, string path, IPreimageOracle oracle)
    {
        string hash = Hex(machine.StateHash());
        StateFile.Write(path, machine.Image);
        machine.Dispose();
        var back = Machine.Create(StateFile.Read(path), new MachineOptions { Oracle = oracle });
        Assert.Equal(hash, Hex(back.StateHash()));
        return back;
    }

    private static IPreimageOracle CreateOracle(GuestVector vector) =>
        vector.OracleFolder is { } folder ? new DirectoryOracle(folder) : NoOracle.Instance;

    private static string Hex(byte[] bytes) => "0x" + Convert.ToHexStringLower(bytes);
}
