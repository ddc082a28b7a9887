using Culverin.Execute;
using Culverin.Inspect;
using Culverin.Inspect.Debug;
using Culverin.Inspect.Explain;
using Culverin.Inspect.Symbols;
using Culverin.Run;
using Culverin.State;
using Culverin.Tests.Shared;
using Culverin.Trace;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Tests.Inspect;

/// <summary>
/// Backwards is the way forwards, read from its end: the judge is a list made by plain stepping.
/// </summary>
public sealed class DebugSessionTests(ITestOutputHelper output)
{
    private const ulong StepsMax = 3000;

    [Theory]
    [MemberData(nameof(StateVersions.All), MemberType = typeof(StateVersions))]
    public void BackwardsMeetsWhatForwardsMet(StateVersion version)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        for (int number = 0; number < 4; number++)
        {
            Compare(seed + number, version);
        }
    }

    /// <summary>The first step of this program ends its thread, and another is then the only one.</summary>
    [Theory]
    [MemberData(nameof(StateVersions.All), MemberType = typeof(StateVersions))]
    public void TheStepBeforeMayBeOneOfAThreadThatIsGone(StateVersion version) => Compare(8814084, version);

    private static void Compare(int seed, StateVersion version)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("culverin-debug-");
        try
        {
            List<(ulong Pc, ulong Thread, bool IsInstruction, string Hash)> plain = Plain(seed, version);
            var options = new TraceOptions
            {
                Source = RandomSteps.CreateOracle,
                SpacingSteps = 300,
                ProbeSteps = 50,
            };
            using MachineImage first = new RandomProgram(seed, version).Create();
            using TraceIndex index = TraceIndex.Create(folder.FullName, first, options);
            ulong end = (ulong)plain.Count - 1;
            index.Build(end);
            var session = new DebugSession(index, ProgramSymbols.Empty, end, default);
            var random = new Random(seed);
            ulong address = plain[random.Next(plain.Count - 1)].Pc;
            session.Stops.Breakpoints.Add(address);
            string what = $"seed {seed}, breakpoint 0x{address:x}";
            ulong[] met =
            [
                .. Enumerable.Range(0, (int)end).Where(step => plain[step].Pc == address
                    && plain[step].IsInstruction).Select(step => (ulong)step),
            ];
            foreach (ulong step in met.Reverse().Take(25))
            {
                Assert.True(session.ContinueBack(default).Kind == StopKind.Breakpoint, what);
                Assert.True(session.Step == step, $"{what}: {session.Step}, not {step}");
                Assert.Equal(plain[(int)step].Hash, Convert.ToHexStringLower(session.Machine.StateHash()));
            }

            if (met.Length <= 25)
            {
                Assert.Equal(StopKind.Begin, session.ContinueBack(default).Kind);
                Assert.Equal(0UL, session.Step);
            }

            StepsOfThreads(session, plain, random, what);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void StepsOfThreads(
        DebugSession session,
        List<(ulong Pc, ulong Thread, bool IsInstruction, string Hash)> plain,
        Random random,
        string what)
    {
        session.Stops.Breakpoints.Clear();
        for (int round = 0; round < 12; round++)
        {
            int from = random.Next(plain.Count - 1);
            session.MoveTo((ulong)from, default);
            IReadOnlyList<ThreadView> threads = ThreadView.AllOf(session.Machine.Image);
            ulong thread = threads[random.Next(threads.Count)].Id;
            int before = plain.FindLastIndex(from == 0 ? 0 : from - 1, each => each.Thread == thread);
            before = from == 0 ? -1 : before;
            DebugStop back = session.StepBack(thread, default);
            Assert.True(session.Step == (ulong)Math.Max(before, 0), $"{what}: back from {from} of {thread}");
            Assert.Equal(before < 0 ? StopKind.Begin : StopKind.Step, back.Kind);
            session.MoveTo((ulong)from, default);
            int own = plain.FindIndex(from, plain.Count - 1 - from, each => each.Thread == thread);
            if (own >= 0)
            {
                Assert.Equal(StopKind.Step, session.StepForward(thread, null, default).Kind);
                Assert.True(session.Step == (ulong)own + 1, $"{what}: on from {from} of {thread}");
            }
        }
    }

    // What is true before each step; the last entry is where the run ends.
    private static List<(ulong Pc, ulong Thread, bool IsInstruction, string Hash)> Plain(
        int seed, StateVersion version)
    {
        using Machine machine = new RandomProgram(seed, version).CreateMachine();
        List<(ulong, ulong, bool, string)> steps = [];
        while (true)
        {
            steps.Add((
                machine.ProgramCounter,
                ThreadView.ActiveIdOf(machine.Image),
                StepReason.KindOf(machine.Image) == SchedulerStep.Instruction,
                Convert.ToHexStringLower(machine.StateHash())));
            if (machine.Exited || machine.Step == StepsMax)
            {
                return steps;
            }

            try
            {
                machine.ExecuteStep();
            }
            catch (CulverinException)
            {
                return steps;
            }
        }
    }
}
