using Culverin.Execute;
using Culverin.Harness.Abi;
using Culverin.Harness.Arenas.Steps;
using Culverin.Harness.Local;
using Culverin.Prove;
using Culverin.Versions;
using Xunit;

namespace Culverin.OnChain.Tests;

/// <summary>
/// A contract that executes steps, and what a test must know of it: the version it should equal, its form of
/// witness, the words it refuses with. Where it differs from that version stands in
/// <see cref="KnownDifferences"/>. A new contract is a class beside the two, and every case plays on it.
/// </summary>
internal abstract class DeployedContract
{
    public static DeployedContract Mips { get; } = new MipsContract();

    public static DeployedContract Mips64 { get; } = new Mips64Contract();

    /// <summary>All of them.</summary>
    public static IReadOnlyList<DeployedContract> All { get; } = [Mips, Mips64];

    /// <summary>Their names, for tests that every contract must pass.</summary>
    public static TheoryData<string> Names => [.. All.Select(contract => contract.Name)];

    /// <summary>Every contract with each guest whose whole run it is shown.</summary>
    public static TheoryData<string, string> Guests
    {
        get
        {
            TheoryData<string, string> rows = [];
            foreach (DeployedContract contract in All)
            {
                foreach (string guest in contract.RunGuests)
                {
                    rows.Add(contract.Name, guest);
                }
            }

            return rows;
        }
    }

    /// <summary>Name and version as the contract has them, "MIPS 1.0.1".</summary>
    public abstract string Name { get; }

    /// <summary>The state version it should equal.</summary>
    public abstract StateVersion Version { get; }

    /// <summary>A version that it takes too, but for <see cref="NeighbourDiffers"/>.</summary>
    public abstract StateVersion Neighbour { get; }

    /// <summary>The recorded guests of that version in whose proofs it differs.</summary>
    public abstract IReadOnlyList<string> DifferingGuests { get; }

    public abstract WitnessLayout Layout { get; }

    /// <summary>Guests whose runs have every instruction and system call that can be executed.</summary>
    public abstract IReadOnlyList<string> CoveringGuests { get; }

    /// <summary>Guests whose whole runs are sampled: the covering ones and others.</summary>
    public abstract IReadOnlyList<string> RunGuests { get; }

    /// <summary>Whether its oracle takes a part of no bytes at the very end of local data.</summary>
    public abstract bool HasLocalPartAtEnd { get; }

    /// <summary>The number of the system call read.</summary>
    public abstract ulong ReadNumber { get; }

    /// <summary>What a step costs as a transaction, at least and at most.</summary>
    public abstract (ulong Least, ulong Most) Gas { get; }

    /// <summary>The engine's own replay of its steps.</summary>
    public StepVerifier Twin => field ??= new StepVerifier(Version);

    /// <summary>The contract of this name.</summary>
    public static DeployedContract Of(string name) => All.Single(contract => contract.Name == name);

    /// <summary>Starts a chain with it.</summary>
    public abstract Task<StepArena> StartAsync(NodePackages packages);

    /// <summary>Whether a revert says what this refusal of ours says.</summary>
    public abstract bool RefusesAlike(Verdict verdict, RevertReason revert);

    /// <summary>
    /// Whether a step, which panics in neither version, ends differently in the neighbouring one.
    /// </summary>
    public abstract bool NeighbourDiffers(StepWitness before);

    /// <summary>The word that the contract reads behind the second proof; null if it reads none.</summary>
    public abstract ulong? AccessedAddress(StepWitness before);

    /// <summary>How many memory proofs a step reads that panics in neither.</summary>
    public abstract int ReadProofCount(StepWitness before);

    public StepWitness WitnessOf(StepCall call) => new(Layout, call);

    public StepWitness WitnessOf(StepProof proof) => new(Layout, proof);

    /// <summary>The engine's rules of the version.</summary>
    public FeatureSet Features => FeatureSet.Of(Version);

    /// <summary>The names of the system calls that the version knows.</summary>
    public IEnumerable<string> SyscallNames => SyscallTable.Of(Features).Select(call => call.Name);

    public override string ToString() => Name;
}
