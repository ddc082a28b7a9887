using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading.Tasks;
using Culverin.State;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.OnChain64.Tests;

/// <summary>
/// Random single steps: interpreter, prover, twin and the deployed contract agree on the hash, and a panic
/// here is a revert there, for the same reason.
/// </summary>
public sealed class RandomStepTests(ArenaFixture fixture, ITestOutputHelper output)
    : IClassFixture<ArenaFixture>
{
    private const int StepCount = 3000;
    private const StateVersion Version = StateVersion.MultiThreaded64V5;

    private static readonly string[] ThreadClasses =
    [
        "pop", "quantum", "syscall 5055", "syscall 5058", "syscall 5205", "syscall 5194", "syscall 5023",
        "syscall 5034", "syscall 5178", "syscall 5222", "syscall 5313", "opcode 30", "opcode 38", "opcode 34",
        "opcode 3c", "opcode 28", "opcode 3f",
    ];

    private readonly int _seed = Environment.TickCount;
    private readonly Judge _judge = new(fixture.Arena, output);

    [Fact]
    public Task Version_8_does_what_the_contract_does() => CompareAsync(
        index => (MachineImage<ulong>)new RandomSteps(unchecked(_seed + index), Version)
        {
            ReadsPreimages = false,
        }.Next());

    [Fact]
    public async Task Threads_do_what_the_contract_does()
    {
        Dictionary<string, int> classes =
            await CompareAsync(index => new RandomThreadedSteps(unchecked(_seed + index)).Next());
        output.WriteLine(string.Join(", ", classes.OrderBy(pair => pair.Key, StringComparer.Ordinal)));
        Assert.All(ThreadClasses, name => Assert.InRange(classes.GetValueOrDefault(name), 10, StepCount));
    }

    private async Task<Dictionary<string, int>> CompareAsync(Func<int, MachineImage<ulong>> create)
    {
        output.WriteLine($"seed {_seed}");
        List<JudgedStep> steps = [];
        Dictionary<string, int> classes = [];
        for (int index = 0; index < StepCount; index++)
        {
            JudgedStep step = StepTaker.Take($"seed {_seed} index {index}", () => create(index));
            steps.Add(step);
            string name = ClassOf(step);
            classes[name] = classes.GetValueOrDefault(name) + 1;
        }

        int panics = steps.Count(step => step.Expected.Hash is null);
        output.WriteLine($"{panics} panics");
        Assert.InRange(panics, StepCount / 100, StepCount / 2);
        Assert.All(
            steps.Where(step => step.Expected.Hash is null),
            step => Assert.Equal(ErrorCode.GuestPanic, step.Expected.Refusal));
        Stopwatch watch = Stopwatch.StartNew();
        await _judge.CompareAsync(steps);
        output.WriteLine($"the contract took {watch.Elapsed.TotalSeconds:F2} s");
        return classes;
    }

    private static string ClassOf(JudgedStep step)
    {
        ThreadedWitness state = new(step.Call.StateData.Span, step.Call.ProofData.Span);
        return state.Idle
            ?? (state.IsSyscall ? $"syscall {state.Register(2)}" : $"opcode {state.Instruction >> 26:x2}");
    }
}
