using System.Diagnostics;
using System.Globalization;
using Culverin.Native;
using Culverin.Prove;
using Culverin.Run;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Abi.Tests;

/// <summary>
/// Two runtimes in one process: this host collects garbage without pause while threads run, cancel and free
/// machines of the library. CULVERIN_STRESS_ROUNDS makes it longer.
/// </summary>
public sealed class StressTests
{
    private const int WorkerCount = 4;
    private const int SmallCalls = 1_000_000;
    private const ulong MiddleStep = 100_000;

    /// <summary>Far more than the work takes: only a hang lasts so long.</summary>
    private static readonly TimeSpan HangTime = TimeSpan.FromMinutes(10);

    private static readonly int Rounds = int.Parse(
        Environment.GetEnvironmentVariable("CULVERIN_STRESS_ROUNDS") ?? "40", CultureInfo.InvariantCulture);

    [LibraryFact]
    public void MachinesOnManyThreadsOutliveAGarbageHeavyHost()
    {
        using var stop = new CancellationTokenSource();
        Thread[] polluters = [.. Enumerable.Range(0, 2).Select(_ => new Thread(() => Pollute(stop.Token)))];
        foreach (Thread polluter in polluters)
        {
            polluter.Start();
        }

        int seed = Random.Shared.Next();
        Task[] workers =
        [
            .. Enumerable.Range(0, WorkerCount).Select(worker => Task.Factory.StartNew(
                () => Work(new Random(seed + worker)), TaskCreationOptions.LongRunning)),
        ];
        try
        {
            Assert.True(Task.WaitAll(workers, HangTime), $"Hung, seed {seed}.");
        }
        finally
        {
            stop.Cancel();
            Array.ForEach(polluters, polluter => polluter.Join());
        }
    }

    [LibraryFact]
    public void AMillionSmallCallsAndManyMachinesLeaveNoMemoryBehind()
    {
        GuestVector vector = Vector();
        byte[] elf = RepositoryFiles.ReadGzip(vector.ElfPath);
        void Spend(int rounds)
        {
            for (int round = 0; round < rounds; round++)
            {
                using IEngineMachine machine = Load(elf, vector);
                machine.Run(new RunLimits { UntilStep = MiddleStep });
                _ = machine.Prove();
                _ = machine.StateHash();
            }

            using IEngineMachine called = Load(elf, vector);
            for (int call = 0; call < SmallCalls; call++)
            {
                Assert.Equal(0UL, called.Step);
            }
        }

        Spend(Rounds);
        long before = ResidentBytes();
        Spend(5 * Rounds);
        long after = ResidentBytes();

        // What one machine holds, lost each time, would be far more than this.
        Assert.True(after - before < 48 << 20, $"{before >> 20} MiB became {after >> 20} MiB.");
    }

    private static GuestVector Vector() => new(StateVersion.MultiThreaded64V5, "allinsn");

    private static IEngineMachine Load(byte[] elf, GuestVector vector) =>
        NativeEngine.Instance.LoadElf(elf, vector.Version, MachineOptions.Default);

    private static void Work(Random random)
    {
        GuestVector vector = Vector();
        byte[] elf = RepositoryFiles.ReadGzip(vector.ElfPath);
        byte[] endless = RepositoryFiles.ReadGzip(
            new GuestVector(StateVersion.MultiThreaded64V5, "sieve").ElfPath);
        for (int round = 0; round < Rounds; round++)
        {
            switch (random.Next(3))
            {
                case 0:
                    RunToTheEnd(elf, vector);
                    break;
                case 1:
                    CancelSoon(endless, vector.Version, random.Next(5));
                    break;
                default:
                    DisposeSoon(endless, vector.Version, random.Next(5));
                    break;
            }
        }
    }

    private static void RunToTheEnd(byte[] elf, GuestVector vector)
    {
        using IEngineMachine machine = Load(elf, vector);
        machine.Run(new RunLimits { UntilStep = MiddleStep });
        StepProof proof = machine.Prove();
        NativeEngine.Instance.Verify(vector.Version, proof);
        Assert.Equal(StopReason.Exited, machine.Run(new RunLimits()));
        Assert.Equal(vector.FinalHash[2..], Convert.ToHexStringLower(machine.StateHash()));
    }

    private static void CancelSoon(byte[] elf, StateVersion version, int milliseconds)
    {
        using IEngineMachine machine = NativeEngine.Instance.LoadElf(elf, version, MachineOptions.Default);
        using var source = new CancellationTokenSource(milliseconds);
        CulverinException error = Assert.Throws<CulverinException>(
            () => machine.Run(new RunLimits { Cancellation = source.Token }));
        Assert.Equal(ErrorCode.Cancelled, error.Code);
        ulong step = machine.Step;
        Assert.Equal(StopReason.StepReached, machine.Run(new RunLimits { UntilStep = step + 1 }));
    }

    private static void DisposeSoon(byte[] elf, StateVersion version, int milliseconds)
    {
        IEngineMachine machine = NativeEngine.Instance.LoadElf(elf, version, MachineOptions.Default);
        Task disposal = Task.Delay(milliseconds).ContinueWith(
            _ => machine.Dispose(), TaskScheduler.Default);
        try
        {
            while (true)
            {
                _ = machine.Run(new RunLimits { UntilStep = machine.Step + MiddleStep });
            }
        }
        catch (Exception error) when (error is ObjectDisposedException
            or CulverinException { Code: ErrorCode.Cancelled })
        {
            disposal.Wait();
        }
    }

    private static void Pollute(CancellationToken stop)
    {
        var kept = new Queue<byte[]>();
        while (!stop.IsCancellationRequested)
        {
            kept.Enqueue(new byte[10_000]);
            if (kept.Count == 200)
            {
                kept.Clear();
                GC.Collect(0);
            }
        }
    }

    private static long ResidentBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }
}
