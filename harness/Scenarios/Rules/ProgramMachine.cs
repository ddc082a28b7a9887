using Culverin.Embed;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Host;
using Culverin.Harness.Host.Blobs;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;
using Culverin.Run;

namespace Culverin.Harness.Scenarios.Rules;

/// <summary>
/// The fault-proof program, interpreted straight from its first state, without checkpoints, translated code
/// or a trace. What it reads is kept in a folder of the judge's own.
/// </summary>
/// <param name="prestate">The file with the program's first state.</param>
/// <param name="folder">Where pre-images are kept.</param>
/// <param name="l1">The L1's own node.</param>
/// <param name="l2">The L2's own node.</param>
/// <param name="beacon">Where blobs are; null where none are posted.</param>
internal sealed class ProgramMachine(
    string prestate, string folder, EthereumNode l1, EthereumNode l2, BeaconEndpoint? beacon = null)
    : IJudgeMachine
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<Bytes32>> StatesAsync(
        Game game, JudgedRun run, IReadOnlyList<UInt128> steps, CancellationToken cancellation)
    {
        DisputedClaim claim = new()
        {
            L1Head = game.L1Head,
            AgreedOutputRoot = run.Agreed.Hash,
            AgreedBlockHash = run.Agreed.BlockHash,
            ClaimedOutputRoot = run.Disputed,
            ClaimedBlockNumber = run.Block,
            ChainId = game.L2ChainId,
        };
        return Task.Run<IReadOnlyList<Bytes32>>(() => Run(claim, steps, cancellation), cancellation);
    }

    private List<Bytes32> Run(
        DisputedClaim claim, IReadOnlyList<UInt128> steps, CancellationToken cancellation)
    {
        PreimageStore store = new(folder);
        HostOptions patience = new();
        using BlobSource? blobs =
            beacon is null ? null : new BlobSource(beacon, l1, patience.FetchDeadline);
        using HostOracle oracle = new(
            claim,
            store,
            new PreimageFetcher(l1, l2, claim, store, patience, blobs?.Blobs),
            cancellation);
        MachineOptions options = CheckedSource.Connect(oracle) with { Engine = EngineKind.Interpreter };
        using IEngineMachine machine = ManagedEngine.Instance.LoadState(prestate, options);
        ulong first = machine.Step;
        List<Bytes32> states = [];
        foreach (UInt128 wanted in steps)
        {
            // A program that has ended stays as it is.
            ulong step = wanted < ulong.MaxValue - first ? first + (ulong)wanted : ulong.MaxValue;
            _ = machine.Run(new RunLimits { UntilStep = step, Cancellation = cancellation });
            states.Add(new Bytes32(machine.StateHash()));
        }

        return states;
    }
}
