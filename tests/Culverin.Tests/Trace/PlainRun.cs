using Culverin.Guest;
using Culverin.Oracle;
using Culverin.Prove;
using Culverin.Run;
using Culverin.State;
using Culverin.Tests.Shared;
using Culverin.Trace;
using Culverin.Versions;

namespace Culverin.Tests.Trace;

/// <summary>A guest, run as usual and by an index.</summary>
internal sealed class PlainRun
{
    private readonly GuestVector _vector;

    public PlainRun(StateVersion version, string guest) => _vector = new GuestVector(version, guest);

    public GuestVector Vector => _vector;

    public ulong Steps => _vector.Steps;

    /// <summary>State hashes from one run in steps' order.</summary>
    public IReadOnlyList<string> HashesAt(IReadOnlyList<ulong> steps)
    {
        using Machine machine = _vector.CreateMachine();
        var hashes = new Dictionary<ulong, string>();
        foreach (ulong step in steps.Distinct().Order())
        {
            _ = machine.Run(new RunLimits { UntilStep = step });
            hashes[step] = Convert.ToHexStringLower(machine.StateHash());
        }

        return [.. steps.Select(step => hashes[step])];
    }

    /// <summary>The proof from a run of its own.</summary>
    public StepProof ProofAt(ulong step)
    {
        using Machine machine = _vector.CreateMachine();
        _ = machine.Run(new RunLimits { UntilStep = step });
        return machine.Prove();
    }

    public MachineImage First() => Loader.Load(_vector.Elf(), _vector.Version);

    /// <summary>Options under which even a short trace has many checkpoints.</summary>
    public TraceOptions Options(int checkpoints = 20) => new()
    {
        Source = _vector.OracleFolder is { } folder ? () => new DirectoryOracle(folder) : null,
        SpacingSteps = Math.Max(1, Steps / (ulong)checkpoints),
        ProbeSteps = Math.Max(1, Steps / (ulong)checkpoints / 8),
        CheckpointsMax = 8,
    };

    /// <summary>An index in a folder; the image is disposed once it is taken over.</summary>
    public TraceIndex Create(string folder, TraceOptions options)
    {
        using MachineImage first = First();
        return TraceIndex.Create(folder, first, options);
    }
}
