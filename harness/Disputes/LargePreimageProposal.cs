using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;

namespace Culverin.Harness.Disputes;

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
        _preimage = new LargePreimage(need.Value[PreimageKey.PrefixBytes..]);
        byte[] name = [.. need.Key.ToArray(), .. Bytes32.FromInteger(need.Offset).ToArray()];
        _id = Bytes32.Keccak256(name).ToInteger();
    }

    /// <summary>
    /// The transactions that are due. Throws <see cref="PreimageWaitException"/> while others may challenge
    /// the proposal, and <see cref="ChainException"/> when they did with success.
    /// </summary>
    /// <param name="nowSeconds">Time of the newest block, in seconds since 1970.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal async Task<IReadOnlyList<CallRequest>> PlanAsync(
        ulong nowSeconds, CancellationToken cancellation)
    {
        State state = await ReadAsync(cancellation).ConfigureAwait(false);
        if (state.IsCountered)
        {
            throw new ChainException(
                ChainFailure.Abi,
                $"Pre-image {_need.Key} cannot be loaded into the oracle: the proposal of it was challenged "
                    + "with success.");
        }

        if (state.FinishedSeconds == 0)
        {
            return await ProposeAsync(state, cancellation).ConfigureAwait(false);
        }

        AbiValue period = await _oracle
            .ReadAsync("challengePeriod", cancellation: cancellation)
            .ConfigureAwait(false);
        ulong end = (ulong)(state.FinishedSeconds + period.AsInteger());
        return nowSeconds > end
            ? [Squeeze()]
            : throw new PreimageWaitException(
                $"Pre-image {_need.Key} is not in the oracle yet: the proposal of it can be challenged until "
                    + $"L1's time is {end}.",
                end + 1);
    }

    private async Task<IReadOnlyList<CallRequest>> ProposeAsync(State state, CancellationToken cancellation)
    {
        List<CallRequest> calls = [];
        if (state.ClaimedBytes == 0)
        {
            AbiValue bond = await _oracle
                .ReadAsync("MIN_BOND_SIZE", cancellation: cancellation)
                .ConfigureAwait(false);
            calls.Add(_oracle.Request(
                _account,
                "initLPP",
                [_id, _need.Offset, _preimage.Data.Length],
                bond.AsInteger()));
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

        ulong edge = (ulong)(end * KeccakSponge.BlockBytes) + PreimageKey.PrefixBytes;
        bool isCut = _need.Offset < edge && _need.Offset + WordBytes >= edge;
        return isCut ? end - 1 : end;
    }

    private CallRequest AddLeaves(int first, int end)
    {
        bool isLast = end == _preimage.BlockCount;
        int start = first * KeccakSponge.BlockBytes;
        int stop = isLast ? _preimage.Data.Length : end * KeccakSponge.BlockBytes;
        AbiValue[] commitments =
            [.. _preimage.Commitments.Skip(first).Take(end - first).Select(each => (AbiValue)each)];
        return _oracle.Request(
            _account, "addLeavesLPP", [_id, first, _preimage.Data[start..stop], commitments, isLast]);
    }

    private CallRequest Squeeze()
    {
        int last = _preimage.BlockCount - 1;
        return _oracle.Request(
            _account,
            "squeezeLPP",
            [
                _account,
                _id,
                new AbiValue[] { _preimage.StateBeforeLast },
                _preimage.LeafAt(last - 1),
                _preimage.ProofAt(last - 1),
                _preimage.LeafAt(last),
                _preimage.ProofAt(last),
            ]);
    }

    // One word: time, part offset, claimed size, blocks and bytes so far, and whether it was countered.
    private async Task<State> ReadAsync(CancellationToken cancellation)
    {
        AbiValue word = await _oracle
            .ReadAsync("proposalMetadata", [_account, _id], cancellation: cancellation)
            .ConfigureAwait(false);
        BigInteger value = word.AsBytes32().ToInteger();
        return new State(
            (ulong)(value >> 192),
            (uint)((value >> 128) & uint.MaxValue),
            (int)((value >> 96) & int.MaxValue),
            (value & ulong.MaxValue) != 0);
    }

    private sealed record State(ulong FinishedSeconds, uint ClaimedBytes, int BlockCount, bool IsCountered);
}
