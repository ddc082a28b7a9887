using System.Numerics;
using Culverin.Harness.Arenas.Oracle;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Preimages;

/// <summary>A proposal of a large pre-image, as its oracle had it at one block.</summary>
/// <param name="Claimant">Who proposes.</param>
/// <param name="Id">Its number among the proposer's.</param>
/// <param name="State">How far it is.</param>
/// <param name="BondWei">Wei that are at stake; 0 once it was taken or challenged.</param>
/// <param name="Root">Root of the tree of its blocks.</param>
internal sealed record FoundProposal(
    Address Claimant, BigInteger Id, ProposalState State, BigInteger BondWei, Bytes32 Root);

/// <summary>
/// Reads what was proposed to a pre-image oracle: what the contract keeps, and the blocks, which it only
/// logs. The node is not believed: blocks that do not make the contract's root are refused.
/// </summary>
/// <param name="oracle">The oracle.</param>
internal sealed class ProposalReader(Contract oracle)
{
    // Each has cost its proposer a bond.
    private const int ProposalsMax = 10_000;

    /// <summary>
    /// All proposals as of an L1 block. Throws <see cref="ChainException"/> when the node fails.
    /// </summary>
    internal async Task<IReadOnlyList<FoundProposal>> ReadAllAsync(
        Block block, CancellationToken cancellation)
    {
        BlockReference at = BlockReference.Hash(block.Hash);
        BigInteger count = (await oracle
            .ReadAsync(new PreimageOracle.ProposalCountFunction(), at, cancellation)
            .ConfigureAwait(false)).Count;
        if (count > ProposalsMax)
        {
            throw new ChainException(
                ChainFailure.BadAnswer,
                $"{oracle} has {count} proposals of large pre-images; at most {ProposalsMax} are looked at.");
        }

        IReadOnlyList<PreimageOracle.ProposalsResult> names = await oracle
            .ReadManyAsync(
                Enumerable.Range(0, (int)count)
                    .Select(index => new PreimageOracle.ProposalsFunction { Value = index }),
                at,
                cancellation)
            .ConfigureAwait(false);

        // One that was begun again is in the list once more.
        CallBatch batch = new(oracle.Node, at);
        ProposalQuestions[] questions =
        [
            .. names.Select(name => (name.Claimant, name.Uuid))
                .Distinct()
                .Select(key => new ProposalQuestions(batch, oracle, key.Claimant, key.Uuid)),
        ];
        await batch.SendAsync(cancellation).ConfigureAwait(false);
        return [.. questions.Select(each => each.Read())];
    }

    /// <summary>
    /// The blocks of a proposal with what its proposer says of them. Throws <see cref="ChainException"/>
    /// when the node fails, or what it tells is not what the contract took.
    /// </summary>
    internal async Task<LargePreimageTree> ReadTreeAsync(
        FoundProposal proposal, Block block, CancellationToken cancellation)
    {
        BlockReference at = BlockReference.Hash(block.Hash);
        BigInteger count = (await oracle
            .ReadAsync(
                new PreimageOracle.ProposalBlocksLenFunction
                {
                    Claimant = proposal.Claimant,
                    Uuid = proposal.Id,
                },
                at,
                cancellation)
            .ConfigureAwait(false)).Len;
        IReadOnlyList<PreimageOracle.ProposalBlocksResult> numbers = await oracle
            .ReadManyAsync(
                Enumerable.Range(0, (int)BigInteger.Min(count, int.MaxValue))
                    .Select(index => new PreimageOracle.ProposalBlocksFunction
                    {
                        Item1 = proposal.Claimant,
                        Item2 = proposal.Id,
                        Item3 = index,
                    }),
                at,
                cancellation)
            .ConfigureAwait(false);
        using MemoryStream blocks = new();
        List<Bytes32> commitments = [];
        foreach (ulong number in numbers.Select(number => number.Value).Distinct().Order())
        {
            foreach (LeavesCall call in await ReadCallsAsync(proposal, number, cancellation)
                .ConfigureAwait(false))
            {
                blocks.Write(call.Blocks.Span);
                commitments.AddRange(call.Commitments);
            }
        }

        LargePreimageTree tree = new(blocks.ToArray(), commitments);
        return tree.Root == proposal.Root
            ? tree
            : throw new ChainException(
                ChainFailure.BadAnswer,
                $"The node's log entries do not make the tree that {oracle} has of proposal {proposal.Id} of "
                    + $"{proposal.Claimant}.");
    }

    /// <summary>Whether nobody has countered it at the newest block.</summary>
    internal async Task<bool> IsOpenAsync(FoundProposal proposal, CancellationToken cancellation) =>
        !ProposalState.Read(await oracle
            .ReadAsync(
                new PreimageOracle.ProposalMetadataFunction
                {
                    Item1 = proposal.Claimant,
                    Item2 = proposal.Id,
                },
                cancellation: cancellation)
            .ConfigureAwait(false)).IsCountered;

    private async Task<IEnumerable<LeavesCall>> ReadCallsAsync(
        FoundProposal proposal, ulong number, CancellationToken cancellation)
    {
        IReadOnlyList<LogEntry> entries = await oracle.Node
            .GetLogsAsync(
                new LogFilter
                {
                    From = BlockReference.Number(number),
                    To = BlockReference.Number(number),
                    Addresses = [oracle.Address],
                },
                cancellation)
            .ConfigureAwait(false);
        Bytes32 id = Bytes32.FromInteger(proposal.Id);
        return entries
            .Where(entry => entry.Address == oracle.Address)
            .OrderBy(entry => entry.LogIndex)
            .Select(entry => LeavesCall.Read(entry, proposal.Claimant))
            .OfType<LeavesCall>()
            .Where(call => call.Id == id);
    }

    // What the contract keeps of one proposal, as three questions in a batch.
    private sealed class ProposalQuestions(
        CallBatch batch, Contract oracle, Address claimant, BigInteger id)
    {
        private readonly BatchAnswer<PreimageOracle.ProposalMetadataResult> _state = batch.Add(
            oracle, new PreimageOracle.ProposalMetadataFunction { Item1 = claimant, Item2 = id });

        private readonly BatchAnswer<PreimageOracle.ProposalBondsResult> _bond = batch.Add(
            oracle, new PreimageOracle.ProposalBondsFunction { Item1 = claimant, Item2 = id });

        private readonly BatchAnswer<PreimageOracle.GetTreeRootLPPResult> _root = batch.Add(
            oracle, new PreimageOracle.GetTreeRootLPPFunction { Owner = claimant, Uuid = id });

        internal FoundProposal Read() => new(
            claimant,
            id,
            ProposalState.Read(_state.Require()),
            _bond.Require().Value,
            _root.Require().TreeRoot);
    }
}
