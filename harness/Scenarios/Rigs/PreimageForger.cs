using System.Numerics;
using Culverin.Harness.Abi;
using Culverin.Harness.Arenas.Oracle;
using Culverin.Harness.Contracts;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Scenarios.Run;
using Culverin.Harness.Sending;
using Culverin.Harness.Values;
using Nethereum.Contracts;
using Contract = Culverin.Harness.Rpc.Contract;

namespace Culverin.Harness.Scenarios.Rigs;

/// <summary>Somebody who brings wrong bytes into a pre-image oracle.</summary>
/// <param name="run">The scenario.</param>
/// <param name="sender">Its account.</param>
internal sealed class PreimageForger(ScenarioRun run, TransactionSender sender)
{
    /// <summary>Its proposals have this number.</summary>
    internal static BigInteger Id { get; } = 77;

    private readonly Contract _oracle = run.Arena.Contracts.Oracle;

    /// <summary>Its account.</summary>
    internal Address Address => sender.Address;

    /// <summary>Begins a proposal, or begins it again.</summary>
    internal async Task BeginAsync(ulong offset, int claimedBytes)
    {
        PreimageOracle.MinBondSizeResult bond = await _oracle
            .ReadAsync(new PreimageOracle.MinBondSizeFunction(), cancellation: run.Cancellation)
            .ConfigureAwait(false);
        PreimageOracle.InitLPPFunction begin = new()
        {
            Uuid = Id,
            PartOffset = checked((uint)offset),
            ClaimedSize = (uint)claimedBytes,
        };
        await SendAsync(begin, bond.Value).ConfigureAwait(false);
    }

    /// <summary>Wei that are at stake.</summary>
    internal async Task<BigInteger> BondAsync() => (await _oracle
        .ReadAsync(
            new PreimageOracle.ProposalBondsFunction { Item1 = Address, Item2 = Id },
            cancellation: run.Cancellation)
        .ConfigureAwait(false)).Value;

    /// <summary>Adds all blocks of a proposal in one transaction.</summary>
    internal Task AddAsync(ReadOnlyMemory<byte> data, Bytes32[] commitments, bool isLast) =>
        SendAsync(new PreimageOracle.AddLeavesLPPFunction
        {
            Uuid = Id,
            Input = data.ToArray(),
            StateCommitments = commitments,
            Finalize = isLast,
        });

    /// <summary>Takes the proposal; throws <see cref="RevertedException"/> when it is refused.</summary>
    internal Task TakeAsync(LargePreimageTree tree) => SendAsync(tree.Squeeze(Address, Id));

    /// <summary>
    /// Puts a wrong part and a wrong length under a right key, although each block is right: version 1.0.0 of
    /// the oracle takes the part where a proposal was begun, keeps it where it is begun again, and asks for
    /// no time to challenge one that was never finished.
    /// </summary>
    internal async Task OverwriteAsync(PreimageNeed need)
    {
        int size = run.Arena.Options.LargePreimageBytesMin;
        ReadOnlyMemory<byte> data = need.Value[OracleKey.PrefixBytes..];
        LargePreimage right = new(data);
        await BeginAsync(need.Offset == 0 ? (ulong)OracleKey.PrefixBytes : 0, size).ConfigureAwait(false);
        await AddAsync(KeccakSponge.Pad(data.Span), [.. right.Commitments], isLast: false)
            .ConfigureAwait(false);
        await BeginAsync(need.Offset, size).ConfigureAwait(false);
        await TakeAsync(right.Tree).ConfigureAwait(false);
    }

    private async Task SendAsync(FunctionMessage call, BigInteger value = default) =>
        _ = await sender
            .SendAsync(_oracle.Request(Address, call, value), run.Cancellation)
            .ConfigureAwait(false);
}
