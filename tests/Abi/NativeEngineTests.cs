using System.Collections.Concurrent;
using System.Text;
using Culverin.Embed;
using Culverin.Execute;
using Culverin.Files;
using Culverin.Native;
using Culverin.Oracle;
using Culverin.Prove;
using Culverin.Run;
using Culverin.Tests.Shared;
using Culverin.Trace;
using Culverin.Versions;
using Xunit;

namespace Culverin.Abi.Tests;

/// <summary>The native engine does what the managed one does, through the same interface.</summary>
public sealed class NativeEngineTests
{
    private const ulong ProvenStep = 1000;

    private static NativeEngine Native => NativeEngine.Instance;

    private static ManagedEngine Managed => ManagedEngine.Instance;

    [LibraryFact]
    public void VersionsAndSelfTest()
    {
        Assert.Equal(Managed.Versions, Native.Versions);
        Native.SelfTest();
        Managed.SelfTest();
    }

    [LibraryFact]
    public void EveryVersionRunsToTheRecordedEnd()
    {
        foreach (FeatureSet features in FeatureSet.All)
        {
            foreach (string guest in GuestVector.GuestsOf(features.Version).Intersect(["hello", "preimage"]))
            {
                var vector = new GuestVector(features.Version, guest);
                var output = new Lines();
                using IEngineMachine machine = Load(Native, vector, output);
                Assert.Equal(vector.PrestateHash, Hex(machine.StateHash()));
                Assert.Equal(StopReason.Exited, machine.Run(new RunLimits()));
                Assert.Equal(vector.FinalHash, Hex(machine.StateHash()));
                Assert.Equal(vector.StandardOutput, output.Text);
                Assert.Equal(vector.Steps, machine.Step);
            }
        }
    }

    [LibraryFact]
    public void ProofsAreTheRecordedOnes()
    {
        foreach (GuestVector vector in Vectors())
        {
            foreach (RecordedProof recorded in vector.Proofs().Where((_, index) => index % 6 == 0))
            {
                using IEngineMachine machine = Load(Native, vector);
                Assert.Equal(
                    StopReason.StepReached, machine.Run(new RunLimits { UntilStep = recorded.Step }));
                StepProof proof = machine.Prove();
                Assert.Equal(recorded.Bytes("pre"), proof.PreHash);
                Assert.Equal(recorded.Bytes("post"), proof.PostHash);
                Assert.Equal(recorded.Bytes("state-data"), proof.StateData);
                Assert.Equal(recorded.Bytes("proof-data"), proof.ProofData);
                Assert.Equal(recorded.Bytes("oracle-value"), proof.Oracle?.Value);
                Native.Verify(vector.Version, proof);
                StepProof wrong = proof with { PostHash = proof.PreHash };
                CulverinException error = Assert.Throws<CulverinException>(
                    () => Native.Verify(vector.Version, wrong));
                Assert.Equal(ErrorCode.ProofRejected, error.Code);
            }
        }
    }

    [LibraryFact]
    public void TracesGiveTheSameAnswers()
    {
        foreach (GuestVector vector in Vectors())
        {
            using var workshop = new Workshop();
            using ITraceIndex native = Open(Native, vector, workshop.File("native"));
            using ITraceIndex managed = Open(Managed, vector, workshop.File("managed"));
            native.Build();
            managed.Build();
            ulong[] steps = [0, 1, ProvenStep, vector.Steps / 2, vector.Steps, vector.Steps + 5];
            Assert.Equal(managed.HashesAt(steps), native.HashesAt(steps));
            foreach (ulong step in steps)
            {
                Assert.Equal(managed.HashAt(step), native.HashAt(step));
                Assert.Equal(Json(managed.ProofAt(step)), Json(native.ProofAt(step)));
            }

            TraceEnd end = native.Final();
            Assert.Equal(vector.FinalHash, Hex(end.StateHash));
            Assert.Equal(managed.Final().Witness, end.Witness);
            Assert.Equal(Lasting(managed.Describe()), Lasting(native.Describe()));
        }
    }

    [LibraryFact]
    public void ARecordingOfOneEngineReplaysInTheOther()
    {
        GuestVector vector = Vectors().Last();
        (IEngine, IEngine)[] pairs = [(Native, Managed), (Managed, Native)];
        foreach ((IEngine first, IEngine second) in pairs)
        {
            using var workshop = new Workshop();
            string recording = workshop.File("run.record");
            var source = new PreimageSource { FolderPath = vector.OracleFolder, RecordPath = recording };
            using (IEngineMachine machine = Load(first, vector, preimages: source))
            {
                machine.Run(new RunLimits());
                machine.FinishPreimages();
            }

            var replay = new PreimageSource { ReplayPath = recording };
            using IEngineMachine again = Load(second, vector, preimages: replay);
            Assert.Equal(StopReason.Exited, again.Run(new RunLimits()));
            Assert.Equal(vector.FinalHash, Hex(again.StateHash()));
        }
    }

    [LibraryFact]
    public void OraclesOfTheCallersAreAsked()
    {
        GuestVector vector = Vectors().Last();
        var folder = new DirectoryOracle(vector.OracleFolder!);
        int asked = 0;
        int hinted = 0;
        var oracle = new CallbackOracle(
            key =>
            {
                asked++;
                return folder.GetPreimage(key);
            },
            _ => hinted++);
        using IEngineMachine machine = Load(
            Native, vector, preimages: new PreimageSource { Oracle = oracle });
        Assert.Equal(
            StopReason.PreimageRead, machine.Run(new RunLimits { StopAfterPreimageRead = true }));
        Assert.NotNull(machine.Describe().LastPreimageKey);
        Assert.Equal(StopReason.Exited, machine.Run(new RunLimits()));
        Assert.Equal(vector.FinalHash, Hex(machine.StateHash()));
        Assert.True(asked > 1);
        Assert.True(hinted > 0);
    }

    [LibraryFact]
    public void AServerIsStartedAndStopped()
    {
        GuestVector vector = Vectors().Last();
        string server = Path.Combine(AppContext.BaseDirectory, "OracleServer");
        var served = new PreimageSource { ServerCommand = [server, vector.OracleFolder!] };
        using (IEngineMachine machine = Load(Native, vector, preimages: served))
        {
            Assert.Equal(StopReason.Exited, machine.Run(new RunLimits()));
            Assert.Equal(vector.FinalHash, Hex(machine.StateHash()));
            machine.FinishPreimages();
        }

        // One that has nothing says so and ends.
        var lines = new ConcurrentQueue<string>();
        var settings = new MachineOptions
        {
            Preimages = new PreimageSource { ServerCommand = [server, "no-such-folder"] },
            Log = (_, line) => lines.Enqueue(line),
        };
        byte[] elf = RepositoryFiles.ReadGzip(vector.ElfPath);
        using (IEngineMachine machine = Native.LoadElf(elf, vector.Version, settings))
        {
            Assert.Equal(ErrorCode.PreimageServer, CodeOf(() => machine.Run(new RunLimits())));
        }

        Assert.Contains(lines, line => line.StartsWith("missing", StringComparison.Ordinal));
        var none = new PreimageSource { ServerCommand = ["no-such-program-anywhere"] };
        Assert.Equal(ErrorCode.ProcessStart, CodeOf(() => Load(Native, vector, preimages: none)));
    }

    [LibraryFact]
    public void WhatCallbacksThrowComesOut()
    {
        GuestVector vector = Vectors().Last();
        var missing = new CallbackOracle(_ => null);
        using (IEngineMachine machine = Load(
            Native, vector, preimages: new PreimageSource { Oracle = missing }))
        {
            CulverinException error = Assert.Throws<CulverinException>(() => machine.Run(new RunLimits()));
            Assert.Equal(ErrorCode.PreimageMissing, error.Code);
        }

        using IEngineMachine loud = Load(Native, vector, new Failing());
        Assert.Throws<NotSupportedException>(() => loud.Run(new RunLimits()));
    }

    [LibraryFact]
    public void ErrorsHaveTheSameCodes()
    {
        foreach (IEngine engine in new IEngine[] { Native, Managed })
        {
            Assert.Equal(ErrorCode.FileAccess, CodeOf(() => engine.LoadState("none.bin", Settings())));
            Assert.Equal(
                ErrorCode.InvalidElf,
                CodeOf(() => engine.LoadElf([1, 2], StateVersion.SingleThreaded, Settings())));
            Assert.Equal(ErrorCode.InvalidState, CodeOf(() => engine.LoadState([99], Settings())));
            Assert.Equal(ErrorCode.FileAccess, CodeOf(() => engine.PrestateHash("none.bin")));
            Assert.Equal(
                ErrorCode.FileAccess,
                CodeOf(() => engine.OpenTrace("none", null, Settings(), new TraceOptions())));
            var panicking = new GuestVector(StateVersion.MultiThreaded64V5, "panic1");
            using IEngineMachine machine = Load(engine, panicking);
            Assert.Equal(ErrorCode.GuestPanic, CodeOf(() => machine.Run(new RunLimits())));
            Assert.Equal(panicking.PanicStep, machine.Step);
        }
    }

    [LibraryFact]
    public void StatesAreSavedAndLoaded()
    {
        using var workshop = new Workshop();
        GuestVector vector = Vectors().First();
        using IEngineMachine machine = Load(Native, vector);
        machine.Run(new RunLimits { UntilStep = ProvenStep });
        string path = workshop.File("state.bin.gz");
        machine.Save(path);
        Assert.Equal(machine.StateHash(), Native.PrestateHash(path));
        using IEngineMachine fromMemory = Native.LoadState(File.ReadAllBytes(path), Settings());
        using IEngineMachine fromFile = Managed.LoadState(path, Settings());
        Assert.Equal(fromFile.Witness(), fromMemory.Witness());
        Assert.Equal(fromFile.Describe(), fromMemory.Describe());
        Assert.Equal(
            Managed.Analyze(RepositoryFiles.ReadGzip(vector.ElfPath), null),
            Native.Analyze(RepositoryFiles.ReadGzip(vector.ElfPath), null));
    }

    [LibraryFact]
    public void RunsEndByTokenDeadlineBudgetAndProgress()
    {
        var vector = new GuestVector(StateVersion.MultiThreaded64V5, "sieve");
        foreach (IEngine engine in new IEngine[] { Native, Managed })
        {
            using IEngineMachine machine = Load(engine, vector);
            Assert.Equal(
                StopReason.DeadlinePassed, machine.Run(new RunLimits { TimeoutMilliseconds = 1 }));
            using var source = new CancellationTokenSource();
            var cancelling = new Progress(source.Cancel);
            var budget = new RunLimits { Progress = cancelling, Cancellation = source.Token };
            Assert.Equal(ErrorCode.Cancelled, CodeOf(() => machine.Run(budget)));
            Assert.Equal(
                ErrorCode.LimitExceeded, CodeOf(() => machine.Run(new RunLimits { MemoryBytesMax = 4096 })));
            var throwing = new Progress(() => throw new NotSupportedException());
            Assert.Throws<NotSupportedException>(() => machine.Run(new RunLimits { Progress = throwing }));
            Assert.Equal(
                StopReason.StepReached, machine.Run(new RunLimits { UntilStep = machine.Step + ProvenStep }));
        }
    }

    [LibraryFact]
    public async Task DisposingARunningMachineEndsItsRun()
    {
        var vector = new GuestVector(StateVersion.MultiThreaded64V5, "sieve");
        using var started = new ManualResetEventSlim();
        IEngineMachine machine = Load(Native, vector);
        Task<ErrorCode> run = Task.Run(() => CodeOf(
            () => machine.Run(new RunLimits { Progress = new Progress(started.Set) })));
        started.Wait();
        machine.Dispose();
        Assert.Equal(ErrorCode.Cancelled, await run);
        Assert.Throws<ObjectDisposedException>(() => machine.Step);
    }

    private static MachineOptions Settings() => MachineOptions.Default;

    private static IEnumerable<GuestVector> Vectors() =>
    [
        new(StateVersion.SingleThreaded, "hello"), new(StateVersion.MultiThreaded64V5, "preimage"),
    ];

    private static IEngineMachine Load(
        IEngine engine, GuestVector vector, IGuestOutput? output = null, PreimageSource? preimages = null) =>
        engine.LoadElf(RepositoryFiles.ReadGzip(vector.ElfPath), vector.Version, new MachineOptions
        {
            Output = output,
            Preimages = preimages ?? new PreimageSource { FolderPath = vector.OracleFolder },
        });

    private static ITraceIndex Open(IEngine engine, GuestVector vector, string folder)
    {
        using IEngineMachine first = Load(engine, vector);
        var settings = new MachineOptions
        {
            Preimages = new PreimageSource { FolderPath = vector.OracleFolder },
        };
        return engine.OpenTrace(folder, first, settings, new TraceOptions { SpacingSteps = 1 << 18 });
    }

    // How many checkpoints there are depends on how fast they could be written.
    private static (ulong, ulong, bool, int) Lasting(TraceSummary summary) =>
        (summary.FirstStep, summary.LastStep, summary.IsFinished, summary.PreimageCount);

    private static string Hex(byte[] bytes) => "0x" + Convert.ToHexStringLower(bytes);

    private static ErrorCode CodeOf(Action action) => Assert.ThrowsAny<CulverinException>(action).Code;

    private static string Json(StepProof proof)
    {
        var stream = new MemoryStream();
        ProofFile.Write(stream, proof);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private sealed class Lines : IGuestOutput
    {
        private readonly StringBuilder _text = new();

        public string Text => _text.ToString();

        public void Write(int descriptor, ReadOnlySpan<byte> bytes)
        {
            if (descriptor == 1)
            {
                _text.Append(Encoding.UTF8.GetString(bytes));
            }
        }
    }

    private sealed class Failing : IGuestOutput
    {
        public void Write(int descriptor, ReadOnlySpan<byte> bytes) => throw new NotSupportedException();
    }

    private sealed class Progress(Action act) : IProgress<MachineProgress>
    {
        public void Report(MachineProgress value) => act();
    }
}
