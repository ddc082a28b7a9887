using Culverin.Harness.Contracts;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Status;

namespace Culverin.Harness.Withdrawals.Reading;

/// <summary>
/// Reads a withdrawal's proofs. Anyone may prove it any number of times, and each time is counted: whoever is
/// known to have a stake in it is asked for by name, so that no number of foreign proofs hides theirs.
/// </summary>
internal sealed class ProofReader(WithdrawalContracts contracts)
{
    // Of a longer list this many are read at either end.
    private const ulong EndCount = 1_000;

    /// <summary>
    /// Who may have a proof: those known, and those in the portal's list. Throws <see
    /// cref="ChainException"/>.
    /// </summary>
    public async Task<IReadOnlyList<Address>> ReadProversAsync(
        BlockReader reader,
        PortalFacts portal,
        Bytes32 hash,
        IReadOnlyList<Address> known,
        CancellationToken cancellation)
    {
        ulong count = portal.ProofCount;
        IEnumerable<ulong> places = count <= 2 * EndCount
            ? Places(0, count)
            : Places(0, EndCount).Concat(Places(count - EndCount, EndCount));
        CallBatch batch = reader.Batch();
        BatchAnswer<OptimismPortal2.ProofSubmittersResult>[] answers =
        [
            .. places.Select(place => batch.Add(
                contracts.Portal,
                new OptimismPortal2.ProofSubmittersFunction { Item1 = hash, Item2 = place })),
        ];
        await batch.SendAsync(cancellation).ConfigureAwait(false);
        return [.. known.Concat(answers.Select(answer => answer.Require().Value)).Distinct()];
    }

    /// <summary>
    /// The proofs that these accounts have; a newer one of an account has replaced its older. Throws <see
    /// cref="ChainException"/>.
    /// </summary>
    public async Task<IReadOnlyList<ProofEntry>> ReadAsync(
        BlockReader reader, Bytes32 hash, IReadOnlyList<Address> provers, CancellationToken cancellation)
    {
        CallBatch batch = reader.Batch();
        (Address Prover, BatchAnswer<OptimismPortal2.ProvenWithdrawalsResult> Answer)[] entries =
        [
            .. provers.Select(prover => (prover, batch.Add(
                contracts.Portal,
                new OptimismPortal2.ProvenWithdrawalsFunction { Item1 = hash, Item2 = prover }))),
        ];
        await batch.SendAsync(cancellation).ConfigureAwait(false);

        // A prover without a proof has a time of zero.
        return
        [
            .. entries
                .Select(entry => (entry.Prover, Proof: entry.Answer.Require()))
                .Where(entry => entry.Proof.Timestamp != 0)
                .Select(entry => new ProofEntry(
                    entry.Prover,
                    BlockReader.Count(entry.Proof.Timestamp),
                    entry.Proof.DisputeGameProxy)),
        ];
    }

    private static IEnumerable<ulong> Places(ulong start, ulong count) =>
        Enumerable.Range(0, (int)count).Select(place => start + (ulong)place);
}
