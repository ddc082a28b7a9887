using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Chain;

namespace Culverin.Harness.Withdrawals;

/// <summary>
/// Finds withdrawals on L2, and tells from the contracts on L1 how far each is. May be used from several
/// threads at once.
/// </summary>
/// <param name="contracts">The contracts; their nodes stay the caller's.</param>
public sealed class WithdrawalReader(WithdrawalContracts contracts)
{
    // Anyone may prove a withdrawal any number of times: the newest proofs are looked at.
    private const ulong ProofCountMax = 200;

    private readonly GameFinder _games = new(contracts);

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
    /// All withdrawals that an account asked for since an L2 block, oldest first: by the message passer, and
    /// in its own transactions by the bridge. Throws <see cref="ChainException"/>.
    /// </summary>
    public async Task<IReadOnlyList<InitiatedWithdrawal>> ListAsync(
        Address account, ulong fromBlock = 0, CancellationToken cancellation = default)
    {
        LogFilter filter = new()
        {
            From = fromBlock,
            Addresses = [contracts.MessagePasser.Address],
            Topics = [contracts.MessagePasser.Abi.Event("MessagePassed").Topic],
        };
        IReadOnlyList<LogEntry> logs = await contracts.MessagePasser.Node
            .GetLogsAsync(filter, cancellation)
            .ConfigureAwait(false);
        List<InitiatedWithdrawal> own = [];
        foreach (InitiatedWithdrawal each in InitiatedWithdrawal.In(contracts.MessagePasser, logs))
        {
            if (each.Withdrawal.Sender == account
                || (each.Withdrawal.Sender == contracts.Messenger.Address
                    && await IsFromAsync(each.TransactionHash, account, cancellation).ConfigureAwait(false)))
            {
                own.Add(each);
            }
        }

        return own;
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
        Block head = await contracts.Portal.Node
            .GetBlockAsync(BlockReference.Latest, cancellation)
            .ConfigureAwait(false);
        BlockReader reader = new(contracts.Portal.Node, head);
        PortalFacts portal = await ReadPortalAsync(reader, hash, cancellation).ConfigureAwait(false);
        if (portal.IsFinalized)
        {
            return StatusMachine.Judge(portal, null, GameChoice.None);
        }

        IReadOnlyList<ProofFacts> proofs =
            await ReadProofsAsync(reader, portal, hash, prover, cancellation).ConfigureAwait(false);
        ProofFacts? proof = StatusMachine.Best(proofs, portal);
        bool isSound = proof is not null && StatusMachine.FaultOf(proof, portal) == BlockReason.None;
        GameChoice choice = isSound
            ? GameChoice.None
            : await _games
                .FindAsync(reader, portal, initiated.BlockNumber, cancellation)
                .ConfigureAwait(false);
        WithdrawalStatus status = StatusMachine.Judge(portal, proof, choice);
        return status.Next == WithdrawalAction.Finalize
            ? await ConfirmAsync(reader, status, hash, cancellation).ConfigureAwait(false)
            : status;
    }

    // The portal has the last word: what it would refuse is not called ready.
    private async Task<WithdrawalStatus> ConfirmAsync(
        BlockReader reader, WithdrawalStatus status, Bytes32 hash, CancellationToken cancellation)
    {
        RevertReason? refusal = await reader
            .RefusalAsync(contracts.Portal, "checkWithdrawal", [hash, status.Prover!.Value], cancellation)
            .ConfigureAwait(false);
        return refusal is null
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

    private async Task<bool> IsFromAsync(
        Bytes32 transaction, Address account, CancellationToken cancellation)
    {
        TransactionReceipt? receipt = await contracts.MessagePasser.Node
            .FindReceiptAsync(transaction, cancellation)
            .ConfigureAwait(false);
        return receipt?.From == account;
    }

    private async Task<PortalFacts> ReadPortalAsync(
        BlockReader reader, Bytes32 hash, CancellationToken cancellation)
    {
        Contract portal = contracts.Portal;
        IReadOnlyList<IReadOnlyList<AbiValue>> answers = await reader
            .ReadAsync(
                [
                    (portal, "paused", []),
                    (portal, "finalizedWithdrawals", [hash]),
                    (portal, "respectedGameType", []),
                    (portal, "respectedGameTypeUpdatedAt", []),
                    (portal, "proofMaturityDelaySeconds", []),
                    (portal, "disputeGameFinalityDelaySeconds", []),
                    (portal, "numProofSubmitters", [hash]),
                    (contracts.Factory, "gameCount", []),
                ],
                cancellation)
            .ConfigureAwait(false);
        return new PortalFacts
        {
            Head = reader.Block,
            IsPaused = answers[0][0].AsBoolean(),
            IsFinalized = answers[1][0].AsBoolean(),
            RespectedType = answers[2][0].AsInteger(),
            RespectedTypeUpdatedAt = BlockReader.Count(answers[3][0]),
            MaturitySeconds = BlockReader.Count(answers[4][0]),
            FinalitySeconds = BlockReader.Count(answers[5][0]),
            ProofCount = BlockReader.Count(answers[6][0]),
            GameCount = BlockReader.Count(answers[7][0]),
        };
    }

    private async Task<IReadOnlyList<ProofFacts>> ReadProofsAsync(
        BlockReader reader,
        PortalFacts portal,
        Bytes32 hash,
        Address? prover,
        CancellationToken cancellation)
    {
        IReadOnlyList<Address> provers = prover is { } one
            ? [one]
            : await ReadProversAsync(reader, portal.ProofCount, hash, cancellation).ConfigureAwait(false);
        IReadOnlyList<IReadOnlyList<AbiValue>> entries = await reader
            .ReadAsync(
                [
                    .. provers.Select(each =>
                        (contracts.Portal, "provenWithdrawals", new AbiValue[] { hash, each })),
                ],
                cancellation)
            .ConfigureAwait(false);

        // A prover without a proof has a time of zero. A prover's newer proof replaces the older.
        (Address Prover, IReadOnlyList<AbiValue> Entry)[] proven =
        [
            .. provers.Zip(entries).Where(each => !each.Second[1].AsInteger().IsZero),
        ];
        Address[] games = [.. proven.Select(each => each.Entry[0].AsAddress()).Distinct()];
        IReadOnlyList<GameFacts?> facts =
            await _games.ReadAsync(reader, games, cancellation).ConfigureAwait(false);
        return
        [
            .. proven
                .Select(each => (each.Prover, ProvenAt: BlockReader.Count(each.Entry[1]),
                    Game: facts[Array.IndexOf(games, each.Entry[0].AsAddress())]))
                .Where(each => each.Game is not null)
                .Select(each => new ProofFacts(each.Prover, each.ProvenAt, each.Game!)),
        ];
    }

    private async Task<IReadOnlyList<Address>> ReadProversAsync(
        BlockReader reader, ulong count, Bytes32 hash, CancellationToken cancellation)
    {
        ulong start = count > ProofCountMax ? count - ProofCountMax : 0;
        IReadOnlyList<IReadOnlyList<AbiValue>> answers = await reader
            .ReadAsync(
                [
                    .. Enumerable.Range(0, (int)(count - start)).Select(index =>
                        (contracts.Portal, "proofSubmitters", new AbiValue[] { hash, start + (ulong)index })),
                ],
                cancellation)
            .ConfigureAwait(false);
        return [.. answers.Select(answer => answer[0].AsAddress()).Distinct()];
    }
}
