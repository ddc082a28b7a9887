using Culverin.State;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.OnChain.Tests;

/// <summary>
/// Random single steps: interpreter, prover, twin and the deployed contract agree on the hash, and a panic
/// here is a revert there, for the same reason.
/// </summary>
public sealed class RandomStepTests(ArenaFixture fixture, ITestOutputHelper output)
    : ContractTests(fixture, output)
{
    private const int StepCount = 3000;

    private static readonly string[] ThreadClasses =
    [
        "pop", "quantum", "syscall 5055", "syscall 5058", "syscall 5205", "syscall 5194", "syscall 5023",
        "syscall 5034", "syscall 5178", "syscall 5222", "syscall 5313", "opcode 30", "opcode 38", "opcode 34",
        "opcode 3c", "opcode 28", "opcode 3f",
    ];

    [Theory]
    [MemberData(nameof(DeployedContract.Names), MemberType = typeof(DeployedContract))]
    public async Task The_version_does_what_the_contract_does(string name)
    {
        DeployedContract contract = DeployedContract.Of(name);
        List<JudgedStep> steps = Take(contract, contract.Version);
        Dictionary<DifferenceKind, int> differences = await CompareAsync(contract, steps);
        if (contract is MipsContract)
        {
            Assert.True(differences.ContainsKey(DifferenceKind.SravAmount), "no srav by 32 or more was met");
        }

        Assert.DoesNotContain(differences, pair => pair.Key == DifferenceKind.ExitedByte);
    }

    [Theory]
    [MemberData(nameof(DeployedContract.Names), MemberType = typeof(DeployedContract))]
    public async Task The_neighbouring_version_differs_only_where_it_is_known_to(string name)
    {
        DeployedContract contract = DeployedContract.Of(name);
        List<JudgedStep> steps = [];
        int differing = 0;
        foreach (JudgedStep step in Take(contract, contract.Neighbour))
        {
            // What the contract says where they differ is what its own version says.
            Verdict verdict = Verdict.OfTwin(contract.Twin, step.Call, null);
            bool differs = step.Expected != verdict;
            bool mayDiffer = contract.NeighbourDiffers(contract.WitnessOf(step.Call));
            Assert.True(mayDiffer || !differs, $"{step.Name}: {step.Expected}, but the version {verdict}");
            Assert.True(differs || !mayDiffer || verdict.Hash is null, $"{step.Name}: both {verdict}");
            differing += differs ? 1 : 0;
            steps.Add(differs ? step with { Expected = verdict, After = null } : step);
        }

        Output.WriteLine($"{differing} steps differ between the versions");
        Assert.InRange(differing, 1, StepCount / 10);
        _ = await JudgeAsync(contract, steps);
    }

    [Fact]
    public async Task Threads_do_what_the_contract_does()
    {
        DeployedContract contract = DeployedContract.Mips64;
        List<JudgedStep> steps = Take(
            contract, contract.Version, index => new RandomThreadedSteps(unchecked(Seed + index)).Next());
        _ = await CompareAsync(contract, steps);
        Dictionary<string, int> classes = steps
            .CountBy(step => contract.WitnessOf(step.Call).Class)
            .ToDictionary();
        Output.WriteLine(string.Join(", ", classes.OrderBy(pair => pair.Key, StringComparer.Ordinal)));
        Assert.All(ThreadClasses, name => Assert.InRange(classes.GetValueOrDefault(name), 10, StepCount));
    }

    private static MachineImage RandomImage(int seed, StateVersion version) =>
        new RandomSteps(seed, version) { ReadsPreimages = false }.Next();

    private List<JudgedStep> Take(
        DeployedContract contract, StateVersion version, Func<int, MachineImage>? create = null)
    {
        create ??= index => RandomImage(unchecked(Seed + index), version);
        StepTaker taker = new(contract, version);
        return
        [
            .. Enumerable.Range(0, StepCount)
                .Select(index => taker.Take($"seed {Seed} index {index}", () => create(index))),
        ];
    }

    private Task<Dictionary<DifferenceKind, int>> CompareAsync(
        DeployedContract contract, List<JudgedStep> steps)
    {
        List<JudgedStep> panics = [.. steps.Where(step => step.Expected.Hash is null)];
        Output.WriteLine($"{panics.Count} panics");
        Assert.InRange(panics.Count, StepCount / 100, StepCount / 2);
        Assert.All(panics, step => Assert.Equal(ErrorCode.GuestPanic, step.Expected.Refusal));
        return JudgeAsync(contract, steps);
    }
}
