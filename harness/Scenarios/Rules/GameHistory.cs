using System.Numerics;
using Culverin.Harness.Contracts;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Solver;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;
using Culverin.Harness.Values.Transactions;
using Nethereum.Contracts;
using Contract = Culverin.Harness.Rpc.Contract;

namespace Culverin.Harness.Scenarios.Rules;

/// <summary>Something that an account did in a game, as the blocks of L1 hold it.</summary>
/// <param name="Actor">Who.</param>
/// <param name="Before">The game just before.</param>
/// <param name="Action">What; the data of a step are left out.</param>
/// <param name="Succeeded">Whether the contract took it.</param>
public sealed record PastAction(Address Actor, Game Before, IntendedAction Action, bool Succeeded);

/// <summary>Finds what accounts did in a game from the transactions themselves.</summary>
public static class GameHistory
{
    /// <summary>
    /// The moves and steps of an account, in their order. Throws <see cref="ChainException"/>; also when
    /// the game was played by other contracts, whose calls are in no transaction.
    /// </summary>
    /// <param name="contract">The game.</param>
    /// <param name="actor">Whose.</param>
    /// <param name="fromNumber">The first L1 block to look at: the game's own or an earlier one.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<IReadOnlyList<PastAction>> ReadAsync(
        Contract contract, Address actor, ulong fromNumber, CancellationToken cancellation = default)
    {
        Block head = await contract.Node
            .GetBlockAsync(BlockReference.Latest, cancellation)
            .ConfigureAwait(false);
        Game end = await GameReader.ReadAsync(contract, head, cancellation).ConfigureAwait(false);
        Replay replay = new(contract, end);
        for (ulong number = fromNumber; number <= head.Number; number++)
        {
            Block block = await contract.Node.GetBlockAsync(number, cancellation).ConfigureAwait(false);
            if (block.TransactionHashes.Count == 0)
            {
                continue;
            }

            IReadOnlyList<byte[]> transactions = await RawTransactions
                .ReadAsync(contract.Node, block.Header, cancellation)
                .ConfigureAwait(false);
            IReadOnlyList<TransactionReceipt> receipts = await contract.Node
                .WaitForReceiptsAsync(block.TransactionHashes, cancellation)
                .ConfigureAwait(false);
            for (int index = 0; index < transactions.Count; index++)
            {
                replay.Take(Transaction.Decode(transactions[index]), receipts[index], actor);
            }
        }

        return replay.Finish();
    }

    private sealed class Replay(Contract contract, Game end)
    {
        private readonly List<PastAction> _actions = [];
        private readonly List<Claim> _claims =
            [end.Root with { CounteredBy = null, IsResolved = false }];

        public void Take(Transaction transaction, TransactionReceipt receipt, Address actor)
        {
            if (transaction.To != contract.Address)
            {
                return;
            }

            switch (CallOf(transaction.Data))
            {
                case FaultDisputeGame.StepFunction step:
                    TakeStep(step, receipt, actor);
                    break;
                case FaultDisputeGame.AttackFunction attack:
                    TakeMove(
                        new IntendedMove(
                            ClaimAt(attack.ParentIndex), true, attack.Claim, transaction.Value, ""),
                        receipt,
                        actor);
                    break;
                case FaultDisputeGame.DefendFunction defend:
                    TakeMove(
                        new IntendedMove(
                            ClaimAt(defend.ParentIndex), false, defend.Claim, transaction.Value, ""),
                        receipt,
                        actor);
                    break;
                case FaultDisputeGame.MoveFunction move:
                    TakeMove(
                        new IntendedMove(
                            ClaimAt(move.ChallengeIndex), move.IsAttack, move.Claim, transaction.Value, ""),
                        receipt,
                        actor);
                    break;
            }
        }

        public List<PastAction> Finish() => _claims.Count == end.Claims.Count
            ? _actions
            : throw new ChainException(
                ChainFailure.BadAnswer,
                $"The game has {end.Claims.Count} claims, but transactions to it tell of {_claims.Count}.");

        private static FunctionMessage? CallOf(ReadOnlyMemory<byte> data) =>
            ContractCodec.TryDecodeCall<FaultDisputeGame.MoveFunction>(data)
            ?? ContractCodec.TryDecodeCall<FaultDisputeGame.StepFunction>(data)
            ?? ContractCodec.TryDecodeCall<FaultDisputeGame.AttackFunction>(data)
            ?? (FunctionMessage?)ContractCodec.TryDecodeCall<FaultDisputeGame.DefendFunction>(data);

        private void TakeMove(IntendedMove move, TransactionReceipt receipt, Address actor)
        {
            Note(receipt, actor, move);
            if (receipt.Succeeded)
            {
                _claims.Add(end.Claims[_claims.Count] with { CounteredBy = null, IsResolved = false });
            }
        }

        private void TakeStep(FaultDisputeGame.StepFunction step, TransactionReceipt receipt, Address actor)
        {
            Claim against = ClaimAt(step.ClaimIndex);
            StepData nothing = new(default, default, null);
            Note(receipt, actor, new IntendedStep(against, step.IsAttack, nothing, ""));
            if (receipt.Succeeded)
            {
                _claims[against.Index] = against with { CounteredBy = receipt.From };
            }
        }

        private void Note(TransactionReceipt receipt, Address actor, IntendedAction action)
        {
            if (receipt.From == actor)
            {
                _actions.Add(new PastAction(
                    actor, end.WithClaims([.. _claims]), action, receipt.Succeeded));
            }
        }

        // A claim that there is not can only be named by a transaction that was refused.
        private Claim ClaimAt(BigInteger index) => index < _claims.Count
            ? _claims[(int)index]
            : _claims[0] with { Index = int.MaxValue };
    }
}
