using System.Numerics;
using Culverin.Harness.Abi;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Status;

namespace Culverin.Harness.Withdrawals.Reading;

/// <summary>
/// Finds withdrawals on L2, and tells from the contracts on L1 how far each is. May be used from several
/// threads at once.
/// </summary>
/// <param name="contracts">The contracts; their nodes stay the caller's.</param>
/// <param name="own">One's own account, whose proof is always looked at; null without one.</param>
public sealed class WithdrawalReader(WithdrawalContracts contracts, Address? own = null)
{
    private readonly GameFinder _games = new(contracts);
    private readonly ProofReader _proofs = new(contracts);
    private readonly DeliveryReader _deliveries = new(contracts);

    /// <summary>
    /// The withdrawals that an L2 transaction asked for. Throws <see cref="ChainException"/> when the node
    /// does not know the transaction.
    /// </summary>
    public async Task<IReadOnlyList<InitiatedWithdrawal>> FindAsync(
        Bytes32 l2Transaction, CancellationToken cancellation = default)
    {
        TransactionReceipt? receipt = await contracts.MessagePasser.Node
            .FindReceiptAsync(l2Transaction, cancellation)
            .ConfigureAwait(false);
        return receipt is null
            ? throw new ChainException(
                ChainFailure.BadAnswer, $"The L2's node knows no executed transaction {l2Transaction}.")
            : InitiatedWithdrawal.In(contracts.MessagePasser, receipt.Logs);
    }

    /// <summary>
    /// All withdrawals that an account asked for since an L2 block, oldest first: by the message passer, by
    /// the messenger, and by the bridges. The account may be a contract. Throws <see cref="ChainException"/>.
    /// </summary>
    public async Task<IReadOnlyList<InitiatedWithdrawal>> ListAsync(
        Address account, ulong fromBlock = 0, CancellationToken cancellation = default)
    {
        LogFilter filter = new()
        {
            From = fromBlock,
            Addresses = [contracts.MessagePasser.Address],
            Topics =
            [
                ContractCodec.TopicOf<L2ToL1MessagePasser.MessagePassedEvent>(),
                null,
                LogTopic.OneOf(account, contracts.Messenger.Address),
            ],
        };
        IReadOnlyList<LogEntry> logs = await contracts.MessagePasser.Node
            .GetLogsAsync(filter, cancellation)
            .ConfigureAwait(false);
        return
        [
            .. InitiatedWithdrawal.In(contracts.MessagePasser, logs)
                .Where(each => WithdrawalParties.Of(each.Withdrawal, contracts).Owner == account),
        ];
    }

    /// <summary>
    /// How far a withdrawal is at L1's newest block. Throws <see cref="ChainException"/>.
    /// </summary>
    /// <param name="initiated">The withdrawal.</param>
    /// <param name="prover">Whose proof counts; null for whichever pays first.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<WithdrawalStatus> ReadAsync(
        InitiatedWithdrawal initiated, Address? prover = null, CancellationToken cancellation = default)
    {
        Bytes32 hash = initiated.Withdrawal.Hash;
        WithdrawalParties parties = WithdrawalParties.Of(initiated.Withdrawal, contracts);
        Block head = await contracts.Portal.Node
            .GetBlockAsync(BlockReference.Latest, cancellation)
            .ConfigureAwait(false);
        BlockReader reader = new(contracts.Portal.Node, head);
        PortalFacts portal = await ReadPortalAsync(reader, hash, cancellation).ConfigureAwait(false);
        IReadOnlyList<Address> provers = prover is { } one
            ? [one]
            : await _proofs
                .ReadProversAsync(reader, portal, hash, Known(parties), cancellation)
                .ConfigureAwait(false);
        IReadOnlyList<ProofEntry> entries =
            await _proofs.ReadAsync(reader, hash, provers, cancellation).ConfigureAwait(false);
        if (portal.IsFinalized)
        {
            ulong first = entries.Select(entry => entry.ProvenAt).DefaultIfEmpty().Min();
            Delivery delivery = await _deliveries
                .ReadAsync(
                    reader, parties, first == 0 ? 0 : first + portal.MaturitySeconds, cancellation)
                .ConfigureAwait(false);
            return StatusMachine.Judge(portal, delivery);
        }

        ProofFacts? proof = StatusMachine.Best(
            await JoinAsync(reader, portal, entries, cancellation).ConfigureAwait(false), portal);
        bool isSound = proof is not null && StatusMachine.FaultOf(proof, portal) == BlockReason.None;
        GameChoice choice = isSound
            ? GameChoice.None
            : await _games
                .FindAsync(reader, portal, initiated.BlockNumber, cancellation)
                .ConfigureAwait(false);
        WithdrawalStatus status = StatusMachine.Judge(portal, proof, choice, parties.Waiting);
        return status.Next == WithdrawalAction.Finalize || (proof is not null && !isSound)
            ? await ConfirmAsync(reader, portal, status, proof!, hash, cancellation).ConfigureAwait(false)
            : status;
    }

    private IReadOnlyList<Address> Known(WithdrawalParties parties) =>
        own is { } account ? [account, .. parties.All] : parties.All;

    // The portal has the last word: what it would refuse is not called ready, and what it would pay is.
    private async Task<WithdrawalStatus> ConfirmAsync(
        BlockReader reader,
        PortalFacts portal,
        WithdrawalStatus status,
        ProofFacts proof,
        Bytes32 hash,
        CancellationToken cancellation)
    {
        RevertReason? refusal = await reader
            .RefusalAsync(
                contracts.Portal,
                new OptimismPortal2.CheckWithdrawalFunction
                {
                    WithdrawalHash = hash,
                    ProofSubmitter = proof.Prover,
                },
                default,
                cancellation)
            .ConfigureAwait(false);
        if (refusal is null)
        {
            return status.Next == WithdrawalAction.Finalize || portal.IsPaused
                ? status
                : StatusMachine.Payable(portal, proof, status.Money);
        }

        return status.Next != WithdrawalAction.Finalize
            ? status
            : status with
            {
                Stage = WithdrawalStage.Blocked,
                Reason = BlockReason.RefusedByPortal,
                Next = WithdrawalAction.Wait,
                Explanation = $"The portal refuses: {refusal}.",
                ReadyAt = null,
            };
    }

    private async Task<PortalFacts> ReadPortalAsync(
        BlockReader reader, Bytes32 hash, CancellationToken cancellation)
    {
        Contract portal = contracts.Portal;
        CallBatch first = reader.Batch();
        BatchAnswer<OptimismPortal2.VersionResult> version =
            first.Add(portal, new OptimismPortal2.VersionFunction());
        BatchAnswer<ModernPortal.AnchorStateRegistryResult> registry =
            first.Add(portal, new ModernPortal.AnchorStateRegistryFunction());
        await first.SendAsync(cancellation).ConfigureAwait(false);
        PortalRules rules = PortalVersions.RulesOf(version.Result?.Value ?? "");
        Address? address = rules == PortalRules.Registry ? registry.Result?.Value : null;
        CallBatch batch = reader.Batch();
        BatchAnswer<OptimismPortal2.PausedResult> paused =
            batch.Add(portal, new OptimismPortal2.PausedFunction());
        BatchAnswer<OptimismPortal2.FinalizedWithdrawalsResult> finalized =
            batch.Add(portal, new OptimismPortal2.FinalizedWithdrawalsFunction { Value = hash });
        Func<GameRules> decided = rules == PortalRules.Registry
            ? AskRegistry(batch, contracts.Registry.At(address ?? throw NoRegistry()))
            : AskPortal(batch, portal);
        BatchAnswer<OptimismPortal2.ProofMaturityDelaySecondsResult> maturity =
            batch.Add(portal, new OptimismPortal2.ProofMaturityDelaySecondsFunction());
        BatchAnswer<OptimismPortal2.NumProofSubmittersResult> proofs =
            batch.Add(portal, new OptimismPortal2.NumProofSubmittersFunction { WithdrawalHash = hash });
        BatchAnswer<DisputeGameFactory.GameCountResult> games =
            batch.Add(contracts.Factory, new DisputeGameFactory.GameCountFunction());
        await batch.SendAsync(cancellation).ConfigureAwait(false);
        (uint type, ulong updatedAt, BigInteger finality) = decided();
        return new PortalFacts
        {
            Head = reader.Block,
            Rules = rules,
            Registry = address,
            IsPaused = paused.Require().Value,
            IsFinalized = finalized.Require().Value,
            RespectedType = type,
            RespectedTypeUpdatedAt = BlockReader.Count(updatedAt),
            MaturitySeconds = BlockReader.Count(maturity.Require().Value),
            FinalitySeconds = BlockReader.Count(finality),
            ProofCount = BlockReader.Count(proofs.Require().Value),
            GameCount = BlockReader.Count(games.Require().GameCount),
        };
    }

    private static Func<GameRules> AskPortal(CallBatch batch, Contract portal)
    {
        BatchAnswer<OptimismPortal2.RespectedGameTypeResult> type =
            batch.Add(portal, new OptimismPortal2.RespectedGameTypeFunction());
        BatchAnswer<OptimismPortal2.RespectedGameTypeUpdatedAtResult> updatedAt =
            batch.Add(portal, new OptimismPortal2.RespectedGameTypeUpdatedAtFunction());
        BatchAnswer<OptimismPortal2.DisputeGameFinalityDelaySecondsResult> finality =
            batch.Add(portal, new OptimismPortal2.DisputeGameFinalityDelaySecondsFunction());
        return () => new GameRules(
            type.Require().Value, updatedAt.Require().Value, finality.Require().Value);
    }

    private static Func<GameRules> AskRegistry(CallBatch batch, Contract registry)
    {
        BatchAnswer<ModernAnchorStateRegistry.RespectedGameTypeResult> type =
            batch.Add(registry, new ModernAnchorStateRegistry.RespectedGameTypeFunction());
        BatchAnswer<ModernAnchorStateRegistry.RetirementTimestampResult> retiredUntil =
            batch.Add(registry, new ModernAnchorStateRegistry.RetirementTimestampFunction());
        BatchAnswer<ModernAnchorStateRegistry.DisputeGameFinalityDelaySecondsResult> finality =
            batch.Add(registry, new ModernAnchorStateRegistry.DisputeGameFinalityDelaySecondsFunction());
        return () => new GameRules(
            type.Require().Value, retiredUntil.Require().Value, finality.Require().Value);
    }

    private ChainException NoRegistry() =>
        new(ChainFailure.Artifact, $"{contracts.Portal} names no anchor registry.");

    private async Task<IReadOnlyList<ProofFacts>> JoinAsync(
        BlockReader reader,
        PortalFacts portal,
        IReadOnlyList<ProofEntry> entries,
        CancellationToken cancellation)
    {
        Address[] games = [.. entries.Select(entry => entry.Game).Distinct()];
        IReadOnlyList<GameFacts?> facts =
            await _games.ReadAsync(reader, portal, games, cancellation).ConfigureAwait(false);
        return
        [
            .. entries
                .Select(entry => (Entry: entry, Game: facts[Array.IndexOf(games, entry.Game)]))
                .Where(each => each.Game is not null)
                .Select(each => new ProofFacts(each.Entry.Prover, each.Entry.ProvenAt, each.Game!)),
        ];
    }

    // What decides about games, be it the portal itself or the registry.
    private readonly record struct GameRules(
        uint RespectedType, ulong RespectedTypeUpdatedAt, BigInteger FinalitySeconds);
}
