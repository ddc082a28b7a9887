using System.Numerics;
using Culverin.Harness.Arenas.Oracle;
using Culverin.Harness.Contracts;
using Culverin.Harness.Disputes.Preimages;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Player;

/// <summary>
/// Watches over one pre-image oracle: whatever others propose as a large pre-image is hashed here too, and
/// challenged where a block of it is wrong, before and after its period, since an unchallenged one can be
/// taken again and again. Own proposals that no step needed are taken in the end, so that their bond comes
/// back. All it decides by is the chain as of one block. For one thread at a time.
/// </summary>
/// <param name="oracle">The oracle.</param>
/// <param name="sender">The account that plays.</param>
/// <param name="options">Whether it only tells what it would do.</param>
internal sealed class OracleWatch(Contract oracle, TransactionSender sender, PlayerOptions options)
{
    // By then the step that an own proposal was made for is done, or will never be.
    private const ulong TakeAfterSeconds = 3_600;

    private readonly ProposalReader _reader = new(oracle);

    // By the root of its tree, so that neither a further part nor another chain is taken for the same.
    private readonly HashSet<(Address Claimant, BigInteger Id, Bytes32 Root)> _right = [];

    /// <summary>The oracle.</summary>
    internal Address Address => oracle.Address;

    /// <summary>
    /// Does what is due as of an L1 block. Whatever fails is in the record, and is tried again in the next
    /// round; only a cancellation is thrown.
    /// </summary>
    internal async Task<OracleRecord> PlayAsync(Block block, CancellationToken cancellation)
    {
        PlayerSender sending = new(oracle, sender, options);
        OracleRecord record = new() { Address = oracle.Address, L1Block = block };
        try
        {
            IReadOnlyList<FoundProposal> proposals =
                await _reader.ReadAllAsync(block, cancellation).ConfigureAwait(false);
            record = record with { ProposalCount = proposals.Count };
            foreach (FoundProposal proposal in proposals)
            {
                if (!proposal.State.IsCountered && proposal.State.BlockCount > 0)
                {
                    await ConsiderAsync(proposal, block, sending, cancellation).ConfigureAwait(false);
                }
            }
        }
        catch (CulverinException error) when (error.Code != ErrorCode.Cancelled)
        {
            record = record with { Failure = error.Message };
        }

        return record with
        {
            Actions = sending.Actions,
            Intents = sending.Intents,
            Waits = sending.Waits,
            Warnings = sending.Warnings,
        };
    }

    // One proposal that cannot be read must not hide the others.
    private async Task ConsiderAsync(
        FoundProposal proposal, Block block, PlayerSender sending, CancellationToken cancellation)
    {
        try
        {
            await (proposal.Claimant == sender.Address
                ? TakeOwnAsync(proposal, block, sending, cancellation)
                : CheckAsync(proposal, block, sending, cancellation)).ConfigureAwait(false);
        }
        catch (CulverinException error) when (error.Code != ErrorCode.Cancelled)
        {
            // What was taken long ago, nothing is at stake in; a node may not have its blocks any more.
            if (!proposal.BondWei.IsZero)
            {
                sending.Warn(
                    $"Whether proposal {proposal.Id} of {proposal.Claimant} to {oracle} is right is not "
                        + $"known: {error.Message}");
            }
        }
    }

    private async Task CheckAsync(
        FoundProposal proposal, Block block, PlayerSender sending, CancellationToken cancellation)
    {
        (Address Claimant, BigInteger Id, Bytes32 Root) name =
            (proposal.Claimant, proposal.Id, proposal.Root);
        if (_right.Contains(name))
        {
            return;
        }

        LargePreimageTree tree =
            await _reader.ReadTreeAsync(proposal, block, cancellation).ConfigureAwait(false);
        if (await Task.Run(tree.FindFirstWrong, cancellation).ConfigureAwait(false) is not { } wrong)
        {
            _ = _right.Add(name);
            return;
        }

        // Another may have done it; the contract would take a second challenge, and pay nothing for it.
        if (await _reader.IsOpenAsync(proposal, cancellation).ConfigureAwait(false))
        {
            PlayerIntent intent = new(
                PlayerActionKind.ChallengePreimage,
                null,
                $"Block {wrong} of proposal {proposal.Id} of {proposal.Claimant} does not lead to the state "
                    + "that it says.");
            _ = await sending
                .SendAsync(intent, ChallengeRequest(proposal, tree, wrong), canEstimate: true, cancellation)
                .ConfigureAwait(false);
        }
    }

    private CallRequest ChallengeRequest(FoundProposal proposal, LargePreimageTree tree, int wrong)
    {
        return wrong == 0
            ? oracle.Request(sender.Address, new PreimageOracle.ChallengeFirstLPPFunction
            {
                Claimant = proposal.Claimant,
                Uuid = proposal.Id,
                PostState = tree.LeafAt(wrong),
                PostStateProof = tree.ProofAt(wrong),
            })
            : oracle.Request(sender.Address, new PreimageOracle.ChallengeLPPFunction
            {
                Claimant = proposal.Claimant,
                Uuid = proposal.Id,
                StateMatrix = tree.StateAfter(wrong),
                PreState = tree.LeafAt(wrong - 1),
                PreStateProof = tree.ProofAt(wrong - 1),
                PostState = tree.LeafAt(wrong),
                PostStateProof = tree.ProofAt(wrong),
            });
    }

    private async Task TakeOwnAsync(
        FoundProposal proposal, Block block, PlayerSender sending, CancellationToken cancellation)
    {
        if (proposal.BondWei.IsZero || proposal.State.FinishedSeconds == 0)
        {
            return;
        }

        PreimageOracle.ChallengePeriodResult period = await oracle
            .ReadAsync(new PreimageOracle.ChallengePeriodFunction(), cancellation: cancellation)
            .ConfigureAwait(false);
        BigInteger due = proposal.State.FinishedSeconds + period.ChallengePeriod + TakeAfterSeconds;
        if (block.Timestamp <= due)
        {
            return;
        }

        LargePreimageTree tree =
            await _reader.ReadTreeAsync(proposal, block, cancellation).ConfigureAwait(false);
        PlayerIntent intent = new(
            PlayerActionKind.TakePreimage,
            null,
            $"The own proposal {proposal.Id} was not needed; its bond of {proposal.BondWei} wei comes back.");
        _ = await sending
            .SendAsync(
                intent,
                oracle.Request(sender.Address, tree.Squeeze(sender.Address, proposal.Id)),
                canEstimate: true,
                cancellation)
            .ConfigureAwait(false);
    }
}
