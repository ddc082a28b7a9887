using BenchmarkDotNet.Attributes;
using Culverin.Prove;
using Culverin.Run;
using Culverin.Tests.Shared;
using Culverin.Versions;

namespace Culverin.Bench;

/// <summary>The step loop, the state hash and a proof, in the middle of real guests.</summary>
public class MachineBenchmarks : IDisposable
{
    /// <summary>Steps in one call of <see cref="StepLoop"/>; the reported time is for one step.</summary>
    public const int StepsPerCall = 1_000_000;

    private Machine _machine = null!;

    /// <summary>A freestanding C guest and a Go guest.</summary>
    [Params("sieve", "preimage")]
    public string Guest { get; set; } = "";

    /// <summary>Starts the guest and runs past its start-up.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _machine = Start();
    }

    /// <summary>Frees the machine.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _machine.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Plain steps.</summary>
    [Benchmark(OperationsPerInvoke = StepsPerCall)]
    public ulong StepLoop()
    {
        if (_machine.Run(new RunLimits { UntilStep = _machine.Step + StepsPerCall }) == StopReason.Exited)
        {
            _machine.Dispose();
            _machine = Start();
        }

        return _machine.Step;
    }

    /// <summary>Witness and state hash without a step in between.</summary>
    [Benchmark]
    public byte[] StateHash() => _machine.StateHash();

    /// <summary>One step with its proof.</summary>
    [Benchmark]
    public StepProof Proof()
    {
        if (_machine.Exited)
        {
            _machine.Dispose();
            _machine = Start();
        }

        return _machine.Prove();
    }

    private Machine Start()
    {
        Machine machine = new GuestVector(StateVersion.SingleThreaded2, Guest).CreateMachine();
        _ = machine.Run(new RunLimits { UntilStep = StepsPerCall });
        return machine;
    }
}
