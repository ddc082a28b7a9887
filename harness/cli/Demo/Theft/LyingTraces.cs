using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Disputes.Traces.Outputs;
using Culverin.Harness.Disputes.Traces.Programs;
using Culverin.Harness.Host;
using Culverin.Harness.Values;

namespace Culverin.Harness.Cli.Demo.Theft;

/// <summary>
/// What the thief says is right: everything up to the forged block, the forged output for that, and runs of
/// the program that end with the opposite verdict.
/// </summary>
internal sealed class LyingTraces(TheftWorld world, string actor, ForgedState forged) : IGameTraces
{
    private readonly ProgramOptions _options = world.ProgramOf(actor);

    /// <inheritdoc/>
    public Bytes32 Prestate => world.Arena.Options.AbsolutePrestate;

    /// <inheritdoc/>
    public ulong L2ChainId => world.Rollup.L2ChainId;

    /// <summary>The lie about the run that was asked for last; null while none was.</summary>
    public Lie? Lie { get; private set; }

    /// <inheritdoc/>
    public Task<OpenTrace> OpenAsync(Game game, CancellationToken cancellation = default)
    {
        IOutputSource source = world.Outputs();
        ProgramTraces runs =
            new(game, new OutputTrace(source, game), world.L1, world.Verifier.Node, _options);
        OutputTrace outputs = new(new Outputs(source, forged), game);
        return Task.FromResult(new OpenTrace(new GameTrace(outputs, new Runs(this, runs)), runs));
    }

    private Lie LieAbout(DisputedClaim claim)
    {
        PreimageStore store = new(Path.Combine(_options.DataFolder, "lie"));
        using HostOracle oracle = new(
            claim, store, new PreimageFetcher(world.L1, world.Verifier.Node, claim, store));
        return Lie = Lie.Make(_options.PrestatePath, oracle);
    }

    private sealed class Outputs(IOutputSource right, ForgedState forged) : IOutputSource
    {
        public async Task<Bytes32> OutputAtAsync(ulong block, CancellationToken cancellation = default) =>
            block == forged.BlockNumber
                ? forged.Root
                : await right.OutputAtAsync(block, cancellation).ConfigureAwait(false);

        public Task<ulong> LastBlockAsync(Bytes32 l1Head, CancellationToken cancellation = default) =>
            right.LastBlockAsync(l1Head, cancellation);

        public async Task<OutputEvidence> EvidenceAtAsync(
            ulong block, CancellationToken cancellation = default) =>
            block == forged.BlockNumber
                ? forged.Evidence
                : await right.EvidenceAtAsync(block, cancellation).ConfigureAwait(false);
    }

    private sealed class Runs(LyingTraces owner, ProgramTraces right) : IStateTraces
    {
        private (DisputedClaim Claim, Lie Lie)? _known;

        public async Task<IStateTrace> OpenAsync(
            OutputDispute dispute, CancellationToken cancellation = default)
        {
            DisputedClaim claim = await right.ClaimAsync(dispute, cancellation).ConfigureAwait(false);
            if (_known is not { } known || known.Claim != claim)
            {
                known = (claim, owner.LieAbout(claim));
                _known = known;
            }

            IStateTrace run = await right.OpenAsync(dispute, cancellation).ConfigureAwait(false);
            return new Run(run, known.Lie);
        }
    }

    private sealed class Run(IStateTrace right, Lie lie) : IStateTrace
    {
        public Task<Bytes32> PrestateAsync(CancellationToken cancellation = default) =>
            right.PrestateAsync(cancellation);

        public Task<Bytes32> ClaimAtAsync(UInt128 traceIndex, CancellationToken cancellation = default) =>
            traceIndex < lie.Step
                ? right.ClaimAtAsync(traceIndex, cancellation)
                : Task.FromResult(
                    lie.Hashes[(int)UInt128.Min(traceIndex - lie.Step, (UInt128)lie.Hashes.Count - 1)]);

        // Nobody can prove a lie.
        public Task<StepData> StepAsync(UInt128 traceIndex, CancellationToken cancellation = default) =>
            right.StepAsync(traceIndex, cancellation);
    }
}
