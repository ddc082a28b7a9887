using System.Numerics;
using Culverin.Harness.Abi;
using Culverin.Harness.Arenas;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Tests.Arenas;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Status;
using Xunit;

namespace Culverin.Harness.Tests.Withdrawals;

/// <summary>Which game is proven on, whose proof pays, and what the portal refuses.</summary>
public sealed class ChoiceTests(DerivedArenaFixture fixture) : IClassFixture<DerivedArenaFixture>
{
    [L2NodeFact]
    public async Task The_earliest_game_that_covers_the_block_is_chosen()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        await world.Arena.L2.MineAsync(248);
        InitiatedWithdrawal withdrawal = await world.WithdrawAsync();
        Assert.Equal(250ul, withdrawal.BlockNumber);
        await world.Arena.L2.MineAsync(150);
        foreach (ulong block in new ulong[] { 100, 200 })
        {
            _ = await world.ProposeAsync(block);
            _ = await world.AssertStageAsync(
                withdrawal, WithdrawalStage.WaitingForProposal, WithdrawalAction.Wait);
            await Assert.ThrowsAsync<ChainException>(() => WithdrawalProof.BuildAsync(
                world.Arena.L2.Node, withdrawal.Withdrawal, block));
        }

        Contract third = await world.ProposeAsync(300);
        _ = await world.ProposeAsync(260);
        WithdrawalStatus status = await world.AssertStageAsync(
            withdrawal, WithdrawalStage.ReadyToProve, WithdrawalAction.Prove);
        Assert.Equal((third.Address, 2ul, 300ul), (status.Game, status.GameIndex, status.GameBlockNumber));
        for (ulong index = 0; index < 2; index++)
        {
            ulong covered = 100 * (index + 1);
            OutputRoot output = await OutputRoot.ReadAsync(world.Arena.L2.Node, covered);
            WithdrawalProof good =
                await WithdrawalProof.BuildAsync(world.Arena.L2.Node, withdrawal.Withdrawal, 300);
            WithdrawalProof mixed = good with { Output = output };
            await AssertRefusedAsync(world, mixed.Call(withdrawal.Withdrawal, index));
        }

        _ = await world.User.ProveAsync(withdrawal);
    }

    [L2NodeFact]
    public async Task Every_damaged_field_of_a_proof_is_refused()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        InitiatedWithdrawal withdrawal = await world.WithdrawAsync();
        _ = await world.ProposeAsync();
        Withdrawal good = withdrawal.Withdrawal;
        WithdrawalProof proof = await WithdrawalProof.BuildAsync(
            world.Arena.L2.Node, good, withdrawal.BlockNumber);
        Withdrawal[] damaged =
        [
            good with { Nonce = good.Nonce + 1 },
            good with { Sender = world.Arena.Accounts.Thief.Address },
            good with { Target = world.Arena.Accounts.Thief.Address },
            good with { Target = world.Portal.Address },
            good with { Value = good.Value + 1 },
            good with { GasLimit = good.GasLimit + 1 },
            good with { Data = new byte[] { 1 } },
        ];
        foreach (Withdrawal each in damaged)
        {
            await AssertRefusedAsync(world, proof.Call(each, 0));
            await Assert.ThrowsAsync<ChainException>(() => WithdrawalProof.BuildAsync(
                world.Arena.L2.Node, each, withdrawal.BlockNumber));
        }

        Bytes32 other = Bytes32.Keccak256("other"u8);
        OutputRoot[] outputs =
        [
            proof.Output with { StateRoot = other },
            proof.Output with { MessagePasserStorageRoot = other },
            proof.Output with { BlockHash = other },
        ];
        foreach (OutputRoot each in outputs)
        {
            await AssertRefusedAsync(world, (proof with { Output = each }).Call(good, 0));
        }

        await AssertRefusedAsync(world, (proof with { Nodes = [] }).Call(good, 0));
        _ = await world.User.ProveAsync(withdrawal);
    }

    [L2NodeFact]
    public async Task Anyone_may_finalize_by_anothers_proof()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        InitiatedWithdrawal withdrawal = await world.WithdrawAsync();
        Contract game = await world.ProposeAsync();
        _ = await world.Helper.ProveAsync(withdrawal);
        WithdrawalStatus own = await world.User.Reader.ReadAsync(
            withdrawal, world.Arena.Accounts.User.Address);
        Assert.Equal(WithdrawalStage.ReadyToProve, own.Stage);
        await world.WinAsync(game);
        await world.Arena.L1.AdvanceAsync(world.Arena.Options.GameFinalitySeconds + 1);
        await Assert.ThrowsAsync<RevertedException>(() => world.PayUncheckedAsync(withdrawal, null));
        WithdrawalStatus status = await world.AssertStageAsync(
            withdrawal, WithdrawalStage.ReadyToFinalize, WithdrawalAction.Finalize);
        Assert.Equal(world.Arena.Accounts.Helper.Address, status.Prover);
        BigInteger before = await world.BalanceAsync(world.Arena.Accounts.User.Address);
        WithdrawalPayment paid = await world.User.FinalizeAsync(withdrawal);
        Assert.Equal(
            before + withdrawal.Withdrawal.Value - paid.Receipt.GasUsed * paid.Receipt.EffectiveGasPrice,
            await world.BalanceAsync(world.Arena.Accounts.User.Address));
    }

    [L2NodeFact]
    public async Task A_sound_proof_counts_before_a_worthless_one()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        InitiatedWithdrawal withdrawal = await world.WithdrawAsync();
        Contract first = await world.ProposeAsync();
        _ = await world.Helper.ProveAsync(withdrawal);
        await world.Arena.BlacklistAsync(first.Address);
        await world.Arena.L2.MineAsync();
        Contract second = await world.ProposeAsync();
        _ = await world.User.ProveAsync(withdrawal);
        WithdrawalStatus status = await world.AssertStageAsync(
            withdrawal, WithdrawalStage.Maturing, WithdrawalAction.Wait);
        Assert.Equal((second.Address, world.Arena.Accounts.User.Address), (status.Game, status.Prover));
        status = await world.Helper.Reader.ReadAsync(withdrawal, world.Arena.Accounts.Helper.Address);
        Assert.Equal(BlockReason.GameBlacklisted, status.Reason);
    }

    [L2NodeFact]
    public async Task Nothing_is_proven_in_the_second_of_the_games_creation()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        InitiatedWithdrawal withdrawal = await world.WithdrawAsync();
        OutputRoot output = await OutputRoot.ReadAsync(world.Arena.L2.Node, withdrawal.BlockNumber);
        Contract game =
            await world.ProposeAtAsync(withdrawal.BlockNumber, GameTypes.Fault, output.Hash);
        WithdrawalStatus status = await world.AssertStageAsync(
            withdrawal, WithdrawalStage.WaitingForProposal, WithdrawalAction.Wait);
        Assert.Equal(game.Address, status.Game);
        Assert.Equal(status.L1Timestamp + 1, status.ReadyAt);
        await Assert.ThrowsAsync<NotReadyException>(() => world.User.ProveAsync(withdrawal));
        await world.Arena.L1.AdvanceToAsync(status.ReadyAt!.Value);
        _ = await world.User.ProveAsync(withdrawal);
    }

    [L2NodeFact]
    public async Task A_proof_from_the_second_of_the_games_creation_is_made_again()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        InitiatedWithdrawal withdrawal = await world.WithdrawAsync();
        WithdrawalProof proof = await WithdrawalProof.BuildAsync(
            world.Arena.L2.Node, withdrawal.Withdrawal, withdrawal.BlockNumber);
        await world.Arena.L1.SetBlockIntervalAsync(0);
        Contract game;
        try
        {
            game = await world.ProposeAtAsync(
                withdrawal.BlockNumber, GameTypes.Fault, proof.Output.Hash);
            _ = await world.CallAsync(world.Portal, proof.Call(withdrawal.Withdrawal, 0));
        }
        finally
        {
            await world.Arena.L1.SetBlockIntervalAsync(world.Arena.Options.L1BlockSeconds);
        }

        _ = await world.AssertBlockedAsync(
            withdrawal, BlockReason.ProvenTooEarly, WithdrawalAction.Wait);
        await world.WinAsync(game);
        await world.Arena.L1.AdvanceAsync(world.Arena.Options.ProofMaturitySeconds + 1);
        CallOutcome check = await world.Arena.L1.Node.CallAsync(world.Portal.Request(
            default,
            new OptimismPortal2.CheckWithdrawalFunction
            {
                WithdrawalHash = withdrawal.Withdrawal.Hash,
                ProofSubmitter = world.Arena.Accounts.Challenger.Address,
            }));
        RevertedException error =
            Assert.Throws<RevertedException>(() => check.Require("checkWithdrawal"));
        Assert.Contains("timestamp less than dispute game", error.Message, StringComparison.Ordinal);
        _ = await world.AssertBlockedAsync(
            withdrawal, BlockReason.ProvenTooEarly, WithdrawalAction.Prove);
        _ = await world.User.ProveAsync(withdrawal);
        _ = await world.AssertStageAsync(withdrawal, WithdrawalStage.Maturing, WithdrawalAction.Wait);
    }

    private static async Task AssertRefusedAsync(
        WithdrawalWorld world, OptimismPortal2.ProveWithdrawalTransactionFunction proof) =>
        await Assert.ThrowsAsync<RevertedException>(() => world.CallAsync(world.Portal, proof));
}
