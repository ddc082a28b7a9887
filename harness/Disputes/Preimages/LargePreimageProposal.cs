using System.Numerics;
using Culverin.Harness.Arenas.Oracle;
using Culverin.Harness.Contracts;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Preimages;

/// <summary>
/// The way of a pre-image into the oracle that is too large for one transaction: proposed in parts, open to
/// challenges for a while, then taken. How far it has come is read from the contract, so that it goes on
/// wherever it was left.
/// </summary>
internal sealed class LargePreimageProposal
{
    // Bytes of one transaction, as few as keep its gas low.
    private const int PartBlocks = 300;
    private const int WordBytes = 32;

    // A slot of L1: no transaction waits less for its block, so that so much of the clock goes by with each.
    private const ulong TransactionSeconds = 12;

    private readonly Contract _oracle;
    private readonly Address _account;
    private readonly PreimageNeed _need;
    private readonly LargePreimage _preimage;

    // The same for everybody who needs this part: each account has its own proposals.
    private readonly BigInteger _id;

    internal LargePreimageProposal(Contract oracle, Address account, PreimageNeed need)
    {
        _oracle = oracle;
        _account = account;
        _need = need;
        _preimage = new LargePreimage(need.Value[OracleKey.PrefixBytes..]);
        byte[] name = [.. need.Key.ToArray(), .. Bytes32.FromInteger(need.Offset).ToArray()];
        _id = Bytes32.Keccak256(name).ToInteger();
    }

    /// <summary>
    /// The transactions that are due. Throws <see cref="PreimageWaitException"/> while others may challenge
    /// the proposal, <see cref="PreimageLateException"/> when it cannot be taken in time, so that nothing
    /// should be spent on it, and <see cref="ChainException"/> when it was challenged with success.
    /// </summary>
    /// <param name="nowSeconds">Time of the newest block, in seconds since 1970.</param>
    /// <param name="endSeconds">When the step that needs it is of no use any more.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal async Task<IReadOnlyList<CallRequest>> PlanAsync(
        ulong nowSeconds, ulong endSeconds, CancellationToken cancellation)
    {
        ProposalState state = ProposalState.Read(await _oracle
            .ReadAsync(
                new PreimageOracle.ProposalMetadataFunction { Item1 = _account, Item2 = _id },
                cancellation: cancellation)
            .ConfigureAwait(false));
        if (state.IsCountered)
        {
            throw new ChainException(
                ChainFailure.Abi,
                $"Pre-image {_need.Key} cannot be loaded into the oracle: the proposal of it was challenged "
                    + "with success.");
        }

        BigInteger period = (await _oracle
            .ReadAsync(new PreimageOracle.ChallengePeriodFunction(), cancellation: cancellation)
            .ConfigureAwait(false)).ChallengePeriod;
        if (state.FinishedSeconds == 0)
        {
            IReadOnlyList<CallRequest> calls = await ProposeAsync(state, cancellation).ConfigureAwait(false);

            // Besides these, the one that takes it and the step itself need their blocks.
            BigInteger due = nowSeconds + ((ulong)calls.Count + 2) * TransactionSeconds + period;
            return due < endSeconds
                ? calls
                : throw new PreimageLateException(
                    $"Pre-image {_need.Key} is too large for one transaction, and a proposal of it could be "
                        + $"taken at {due} only, but the clock ends at {endSeconds}: it is not begun.");
        }

        ulong end = (ulong)(state.FinishedSeconds + period);
        return nowSeconds > end
            ? [Squeeze()]
            : throw new PreimageWaitException(
                $"Pre-image {_need.Key} is not in the oracle yet: the proposal of it can be challenged until "
                    + $"L1's time is {end}.",
                end + 1);
    }

    private async Task<IReadOnlyList<CallRequest>> ProposeAsync(
        ProposalState state, CancellationToken cancellation)
    {
        List<CallRequest> calls = [];
        if (state.ClaimedBytes == 0)
        {
            PreimageOracle.MinBondSizeResult bond = await _oracle
                .ReadAsync(new PreimageOracle.MinBondSizeFunction(), cancellation: cancellation)
                .ConfigureAwait(false);
            calls.Add(_oracle.Request(
                _account,
                new PreimageOracle.InitLPPFunction
                {
                    Uuid = _id,
                    PartOffset = (uint)_need.Offset,
                    ClaimedSize = (uint)_preimage.Data.Length,
                },
                bond.Value));
        }

        int first = state.BlockCount;
        while (first < _preimage.BlockCount)
        {
            int end = EndOfPart(first);
            calls.Add(AddLeaves(first, end));
            first = end;
        }

        return calls;
    }

    // The contract takes the wanted word from the part that it begins in, and must find all of it there.
    private int EndOfPart(int first)
    {
        int end = first + PartBlocks;
        if (end >= _preimage.BlockCount)
        {
            return _preimage.BlockCount;
        }

        ulong edge = (ulong)(end * KeccakSponge.BlockBytes) + OracleKey.PrefixBytes;
        bool isCut = _need.Offset < edge && _need.Offset + WordBytes >= edge;
        return isCut ? end - 1 : end;
    }

    private CallRequest AddLeaves(int first, int end)
    {
        bool isLast = end == _preimage.BlockCount;
        int start = first * KeccakSponge.BlockBytes;
        int stop = isLast ? _preimage.Data.Length : end * KeccakSponge.BlockBytes;
        return _oracle.Request(_account, new PreimageOracle.AddLeavesLPPFunction
        {
            Uuid = _id,
            InputStartBlock = first,
            Input = _preimage.Data[start..stop].ToArray(),
            StateCommitments = [.. _preimage.Commitments.Skip(first).Take(end - first)],
            Finalize = isLast,
        });
    }

    private CallRequest Squeeze() => _oracle.Request(_account, _preimage.Tree.Squeeze(_account, _id));
}
