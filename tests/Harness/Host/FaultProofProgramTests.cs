using System.Text;
using Culverin.Execute;
using Culverin.Harness.Host;
using Culverin.Harness.Values;
using Culverin.Oracle;
using Culverin.Run;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Harness.Tests.Host;

/// <summary>The program that derives and executes an L2, in the virtual machine.</summary>
public sealed class FaultProofProgramTests(ITestOutputHelper report)
{
    private const byte Right = 0;
    private const byte Wrong = 1;
    private const byte Undecided = 2;

    /// <summary>Worlds whose last block spends this much gas on one thing.</summary>
    private const string Gas = "gas: ";
    private const double GasMeasured = 1_000_000;
    private const double StepsForGasMax = 5_000;

    /// <summary>Worlds whose L1 is as full as Ethereum's, and what a stranger may add to a run.</summary>
    private const string FullL1 = "L1 as full as a real one";
    private const string FullL1WithSpam = FullL1 + ", and spam of 3.2 million gas";
    private const double SpamShareMax = 0.05;
    private const ulong RealBlock = 26_208_927;

    /// <summary>
    /// A gibibyte: the program of version 0, which collects no garbage, has no more.
    /// </summary>
    private const int MemoryPagesMax = 1 << 18;

    /// <summary>
    /// The rows of the scenarios' list: an honest claim and junk each. Version 0 has the rules of Holocene,
    /// as the classic contracts' L2 has them, version 8 those of Isthmus.
    /// </summary>
    [GoFact]
    public void Every_scenario_has_its_verdicts_in_the_virtual_machine()
    {
        foreach ((StateVersion version, string fork) in Machines())
        {
            (ulong Steps, string Name) most = default, second = default;
            IReadOnlyList<WorldFile> worlds = WorldFile.WriteAll(fork);
            Assert.True(worlds.Count > 70);
            foreach (WorldFile world in worlds)
            {
                (byte exitCode, ulong steps, string said, _) = Run(version, world, world.Serve(world.Right));
                Assert.True(exitCode == Right, $"{world.Name}, {version}: {exitCode}: {said}");
                Assert.EndsWith("the claim is right\n", said, StringComparison.Ordinal);
                (most, second) = steps > most.Steps ? ((steps, world.Name), most)
                    : steps > second.Steps ? (most, (steps, world.Name)) : (most, second);

                (exitCode, _, said, _) = Run(version, world, world.Serve(world.Wrong));
                Assert.True(exitCode == Wrong, $"{world.Name}, junk, {version}: {exitCode}: {said}");
            }

            report.WriteLine($"{version}: {worlds.Count} scenarios, at most {most}, then {second}");
        }
    }

    /// <summary>
    /// What anyone can post costs steps in proportion to what it costs on L1, and memory is bounded: the most
    /// steps for a unit, beyond those of the same L2 without it.
    /// </summary>
    [GoFact]
    public void What_is_posted_costs_a_bounded_number_of_steps()
    {
        (string Name, double Units, double StepsMax)[] limits =
        [
            ("10 empty L1 blocks", 10, 500_000),
            ("200 transactions of others", 200, 250_000),
            ("200 deposits", 200, 500_000),
            ("spam of 3.2 million gas", 320_000, 230),
            ("100,000 bytes of the batcher's that do not compress", 100_000, 1_500),
            ("a blob of the batcher's", 1, 150_000_000),
            ("a bomb of 20,000 bytes", 20_000_000, 150),
            ("a span batch of 10,000,000 blocks", 10_000_000, 400),
        ];
        foreach ((StateVersion version, string fork) in Machines())
        {
            IReadOnlyList<WorldFile> worlds = WorldFile.WriteAll(fork, "costs");
            ulong alone = 0;
            foreach (WorldFile world in worlds.Where(
                each => !each.Name.StartsWith(FullL1, StringComparison.Ordinal)))
            {
                (byte exitCode, ulong steps, string said, int pages) =
                    Run(version, world, world.Serve(world.Right));
                Assert.True(exitCode == Right, $"{world.Name}, {version}: {exitCode}: {said}");
                Assert.InRange(pages, 1, MemoryPagesMax);
                alone = alone == 0 ? steps : alone;
                double more = steps - (double)alone;
                bool isGas = world.Name.StartsWith(Gas, StringComparison.Ordinal);
                (string name, double units, double most) = isGas
                    ? (world.Name, GasMeasured, StepsForGasMax)
                    : Array.Find(limits, each => each.Name == world.Name);
                report.WriteLine($"{version}, {world.Name}: {steps:N0} steps, {pages / 256} MiB, "
                    + (name is null ? "" : $"{more / units:N0} for each of {units:N0}"));
                Assert.True(
                    name is null == (more == 0) && more <= units * most, $"{world.Name}: {more:N0}");
            }
        }
    }

    /// <summary>
    /// A stranger's well-formed frames in the inbox make the run that a game proves longer by less than a
    /// twentieth: a real block of an L2, and the walk over an L1 that is as full as a real one, as far back
    /// as a channel can begin.
    /// </summary>
    [FixtureTheory(RealBlocks.Archive, NeedsGo = true)]
    [InlineData(StateVersion.SingleThreaded, "holocene")]
    [InlineData(StateVersion.MultiThreaded64V5, "isthmus")]
    internal void Spam_in_the_inbox_costs_less_than_a_twentieth(StateVersion version, string fork)
    {
        ulong block = RealBlockSteps(version);
        IReadOnlyList<WorldFile> worlds = WorldFile.WriteAll(fork, "costs");
        ulong walk = Walk(FullL1), more = Walk(FullL1WithSpam) - walk;
        double share = more / (double)(block + walk);
        report.WriteLine(
            $"{version}: block {block:N0}, walk {walk:N0}, spam {more:N0} steps: {share:P2}");
        Assert.InRange(share, 0.001, SpamShareMax);

        ulong Walk(string name)
        {
            WorldFile world = worlds.Single(each => each.Name == name);
            (byte exitCode, ulong steps, string said, _) =
                Run(version, world, world.Serve(world.Right));
            Assert.True(exitCode == Right, $"{name}, {version}: {exitCode}: {said}");
            return steps;
        }
    }

    /// <summary>
    /// What a host lacks or changes is never a verdict. Precompiles and field elements of blobs are the
    /// exception: nobody but the contract can check them.
    /// </summary>
    [GoFact]
    public void A_missing_or_changed_preimage_leaves_the_claim_unknown()
    {
        const int Seed = 14;
        Random random = new(Seed);
        foreach ((StateVersion version, string fork) in Machines())
        {
            WorldFile world = WorldFile.WriteAll(fork).First(each => each.Name == "a span batch");
            Bytes32[] keys = [.. world.Keys.Where(key => key.FirstByte == 2).OrderBy(key => key.ToString())];
            foreach (Bytes32 key in random.GetItems(keys, 12))
            {
                foreach (byte[] value in new byte[][] { [], [0xc0], new byte[100] })
                {
                    using IPreimageOracle oracle = world.Serve(world.Right, key, value);
                    (byte exitCode, _, string said, _) = Run(version, world, oracle);
                    Assert.True(
                        exitCode == Undecided, $"{key}, seed {Seed}, {version}: {exitCode}: {said}");
                    Assert.StartsWith("unknown: ", said, StringComparison.Ordinal);
                }
            }
        }
    }

    private static ulong RealBlockSteps(StateVersion version)
    {
        using RealBlocks blocks = new();
        using IPreimageOracle oracle = new BlockOracle(blocks.Read(RealBlock), new PrecompileAnswers(
            _ => throw new InvalidOperationException("The block needs signatures only.")));
        using IEngineMachine machine = BlockProgram.Load(version, CheckedSource.Connect(oracle));
        _ = machine.Run(new RunLimits());
        MachineSummary end = machine.Describe();
        Assert.Equal(Right, end.ExitCode);
        return end.Step;
    }

    private static IEnumerable<(StateVersion Version, string Fork)> Machines() =>
        [(StateVersion.SingleThreaded, "holocene"), (StateVersion.MultiThreaded64V5, "isthmus")];

    private static (byte ExitCode, ulong Steps, string Said, int Pages) Run(
        StateVersion version, WorldFile world, IPreimageOracle oracle)
    {
        Listener output = new();
        using IEngineMachine machine = FaultProofProgram.Load(
            version, CheckedSource.Connect(oracle) with { Output = output }, world.Rollup, world.L1);
        _ = machine.Run(new RunLimits());
        MachineSummary end = machine.Describe();
        return (end.ExitCode, end.Step, output.Text.ToString(), end.PageCount);
    }

    private sealed class Listener : IGuestOutput
    {
        public StringBuilder Text { get; } = new();

        public void Write(int descriptor, ReadOnlySpan<byte> bytes) =>
            Text.Append(Encoding.UTF8.GetString(bytes));
    }
}
